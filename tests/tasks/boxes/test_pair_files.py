"""Files of (image, target) pairs that somebody else saved: read safely, checked."""

import pickle
from pathlib import Path

import pytest
import torch
from torch import Tensor, tensor
from torch.utils.data import TensorDataset

from bakeoff.errors import BakeoffError
from bakeoff.tasks.boxes.pair_files import load, read_pairs, refuse, require


def pairs(count: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    return (
        torch.randn(count, 1, 8, 10, generator=generator),
        torch.rand(count, 6, generator=generator),
    )


def saved(path: Path, content: object) -> Path:
    torch.save(content, path)
    return path


def test_a_list_of_pairs_and_a_tensor_dataset_are_the_same(tmp_path):
    images, targets = pairs(5)
    for content in (list(zip(images, targets, strict=True)), TensorDataset(images, targets)):
        read_images, read_targets = read_pairs(saved(tmp_path / "data.pt", content))
        assert torch.equal(read_images, images)
        assert torch.equal(read_targets, targets)


def test_other_number_types_become_float32(tmp_path):
    images, targets = pairs(5)
    content = TensorDataset((images * 9).to(torch.uint8), targets.double())
    assert {part.dtype for part in read_pairs(saved(tmp_path / "data.pt", content))} == {
        torch.float32
    }


class Attack:
    """Unpickled carelessly, it would create a file."""

    def __init__(self, victim: Path) -> None:
        self.victim = victim

    def __reduce__(self):
        return Path.touch, (self.victim,)


def test_python_objects_are_refused_and_never_run(tmp_path):
    victim = tmp_path / "victim"
    path = saved(tmp_path / "data.pt", [(Attack(victim), Attack(victim))])
    with pytest.raises(BakeoffError, match="holds other objects than tensors, which are refused"):
        read_pairs(path)
    assert not victim.exists()
    pickle.loads(pickle.dumps(Attack(victim)))  # the attack is a real one
    assert victim.exists()


NOT_SAVED_BY_TORCH = {
    "nothing": b"",
    "text": b"hello world\n",
    "a web page": b"<!DOCTYPE html><html>404</html>",
    "a pointer of git-lfs": b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
}


@pytest.mark.parametrize("content", NOT_SAVED_BY_TORCH.values(), ids=NOT_SAVED_BY_TORCH)
def test_other_files_are_refused(tmp_path, content):
    path = tmp_path / "data.pt"
    path.write_bytes(content)
    with pytest.raises(BakeoffError, match=r"data.pt: it is damaged, or .* saved by torch.save"):
        read_pairs(path)


def test_a_truncated_file_is_refused(tmp_path):
    path = saved(tmp_path / "data.pt", TensorDataset(*pairs(20)))
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(BakeoffError, match=r"cannot read .*data.pt: it is damaged"):
        read_pairs(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(
        BakeoffError, match=r"cannot read .*data.pt: No such file or directory. Exp"
    ):
        read_pairs(tmp_path / "data.pt")


IMAGES, TARGETS = pairs(6)
NOT_PAIRS = {
    "no list": 3,
    "empty list": [],
    "dictionary": {"images": IMAGES, "targets": TARGETS},
    "numbers": [(1, 2), (3, 4)],
    "triples": list(zip(IMAGES, TARGETS, TARGETS, strict=True)),
    "three tensors": TensorDataset(IMAGES, TARGETS, TARGETS),
    "unequal images": [(IMAGES[0], TARGETS[0]), (IMAGES[1, :, 1:], TARGETS[1])],
}


@pytest.mark.parametrize("content", NOT_PAIRS.values(), ids=NOT_PAIRS)
def test_what_is_not_pairs_is_refused(tmp_path, content):
    with pytest.raises(BakeoffError, match=r"data.pt: expected pairs of equal shapes"):
        read_pairs(saved(tmp_path / "data.pt", content))


WRONG_SHAPES = {
    "no channel": (IMAGES[:, 0], TARGETS, r"images \(6, 8, 10\), targets \(6, 6\)"),
    "no items": (IMAGES[:0], TARGETS[:0], "N at least 1"),
}


@pytest.mark.parametrize(("images", "targets", "message"), WRONG_SHAPES.values(), ids=WRONG_SHAPES)
def test_wrong_shapes_are_named(tmp_path, images, targets, message):
    with pytest.raises(BakeoffError, match=message):
        read_pairs(saved(tmp_path / "data.pt", TensorDataset(images, targets)))


def test_targets_of_any_shape_are_read_as_they_are(tmp_path):
    grids = torch.rand(6, 2, 3, 6)
    _, targets = read_pairs(saved(tmp_path / "data.pt", TensorDataset(IMAGES, grids)))
    assert torch.equal(targets, grids)


def test_what_was_expected_is_said(tmp_path):
    (tmp_path / "lists.pt").write_bytes(b"text")
    with pytest.raises(BakeoffError, match=r"Expected a list of boxes, saved by torch.save"):
        load(tmp_path / "lists.pt", "a list of boxes")


def test_files_that_are_not_there_are_listed(tmp_path):
    there = saved(tmp_path / "a.pt", 1)
    require([there])
    (tmp_path / "folder.pt").mkdir()
    with pytest.raises(BakeoffError, match=r"no file .*b.pt, .*folder.pt: expected the course's"):
        require([there, tmp_path / "b.pt", tmp_path / "folder.pt"])


def test_the_first_reason_and_its_first_image_are_named(tmp_path):
    targets = tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 0.123456]])
    nothing, one, last_two = (tensor(flags).bool() for flags in ([0, 0, 0], [0, 0, 1], [0, 1, 1]))
    refuse(tmp_path, {"it is wrong": nothing}, targets)
    with pytest.raises(
        BakeoffError, match=r"it is odd at image 2 \(and 0 more\): target \[5.0, 0.1235\]; mend"
    ):
        refuse(
            tmp_path, {"it is wrong": nothing, "it is odd": one, "it is even": last_two}, targets
        )
    with pytest.raises(BakeoffError, match=r"it is even at image 1 \(and 1 more\): target \[3.0"):
        refuse(tmp_path, {"it is even": last_two}, targets)
