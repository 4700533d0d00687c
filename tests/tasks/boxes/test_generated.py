"""Generated splits: seeded, chunked, cached."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from bakeoff.errors import BakeoffError
from bakeoff.images.digits import EmbeddedDigits
from bakeoff.tasks.boxes.generated import Generated, equally_often

SIZES = {"train": 10, "val": 3, "test": 2}


def generated(root: Path, **changes) -> Generated:
    made = []

    def make(chunk: range, seed: list[int]) -> dict[str, np.ndarray]:
        made.append(seed)
        rng = np.random.default_rng(seed)
        return {"number": np.array(chunk), "noise": rng.integers(0, 1000, len(chunk))}

    def plan(digits, size, rng) -> list[range]:
        return [range(start, min(start + 4, size)) for start in range(0, size, 4)]

    settings = {
        "root": root,
        "name": "numbers",
        "source": EmbeddedDigits(),
        "sizes": SIZES,
        "seed": 0,
        "settings": {"a": 1},
        "plan": plan,
        "make": make,
    }
    result = Generated(**(settings | changes))
    object.__setattr__(result, "made", made)
    return result


def test_chunks_are_put_together_in_their_order_and_made_once(tmp_path):
    first = generated(tmp_path)
    arrays = first.arrays("train")
    assert arrays["number"].tolist() == list(range(10))
    assert sorted(first.made) == [[0, 0, 0], [0, 0, 1], [0, 0, 2]]
    again = generated(tmp_path)
    assert again.arrays("train")["noise"].tolist() == arrays["noise"].tolist()
    assert again.made == []
    assert again.fingerprint == generated(tmp_path / "elsewhere").fingerprint


@pytest.mark.parametrize("change", [{"settings": {"a": 2}}, {"seed": 1}, {"name": "others"}])
def test_other_settings_are_another_file(tmp_path, change):
    generated(tmp_path).prepare()
    other = generated(tmp_path, **change)
    other.prepare()
    assert len(other.made) == 3 + 1 + 1


def test_an_empty_split_is_refused(tmp_path):
    with pytest.raises(BakeoffError, match=r"data.sizes: \{'val': 0\}"):
        generated(tmp_path, sizes=SIZES | {"val": 0})


def test_equally_often():
    order = equally_often(7, 17, np.random.default_rng(0))
    assert len(order) == 17
    assert sorted(order[:7]) == sorted(order[7:14]) == list(range(7))
    assert np.ptp(np.bincount(order)) == 1


def test_no_split_repeats_the_random_numbers_of_another(tmp_path):
    first = generated(tmp_path, sizes=dict.fromkeys(SIZES, 8))
    noises = {tuple(first.arrays(split)["noise"].tolist()) for split in SIZES}
    assert len(noises) == 3


def plan_with(changed: str):
    """A plan whose canvases of the split `changed` are others."""

    def plan(digits, size, rng) -> list[range]:
        start = 100 if size == SIZES.get(changed) else 0
        return [range(start, start + size)]

    return plan


def test_the_fingerprint_covers_every_split(tmp_path):
    fingerprints = {
        generated(tmp_path / changed, plan=plan_with(changed)).fingerprint
        for changed in (*SIZES, "none")
    }
    assert len(fingerprints) == 4


def test_the_fingerprint_covers_every_array(tmp_path):
    def make(chunk, seed, targets):
        return {"images": np.array(chunk), "targets": np.full(len(chunk), targets)}

    fingerprints = {
        generated(tmp_path / str(targets), make=partial(make, targets=targets)).fingerprint
        for targets in (0, 1)
    }
    assert len(fingerprints) == 2


class Larger(EmbeddedDigits):
    pixels = 3.0


def test_digits_of_another_size_and_canvases_drawn_otherwise_are_other_files(tmp_path, monkeypatch):
    generated(tmp_path).prepare()
    assert len(list(tmp_path.iterdir())) == 3
    generated(tmp_path, source=Larger()).prepare()
    assert len(list(tmp_path.iterdir())) == 6
    monkeypatch.setattr("bakeoff.tasks.boxes.generated.REVISION", -1)
    generated(tmp_path).prepare()
    assert len(list(tmp_path.iterdir())) == 9
