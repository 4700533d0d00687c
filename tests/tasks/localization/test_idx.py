"""IDX files of the user's own on canvases."""

import struct
from pathlib import Path

import numpy as np
import pytest
from hydra import compose, initialize_config_dir
from hydra.utils import instantiate

from bakeoff.errors import BakeoffError
from bakeoff.store import paths


def write(path: Path, values: np.ndarray) -> None:
    lengths = struct.pack(f">{values.ndim}I", *values.shape)
    path.write_bytes(bytes([0, 0, 8, values.ndim]) + lengths + values.astype(np.uint8).tobytes())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """40 training and 6 test images of 28x28 pixels, all ink, of the labels 0 and 1."""
    for split, count in (("train", 40), ("t10k", 6)):
        write(tmp_path / f"{split}-images-idx3-ubyte", np.full((count, 28, 28), 255))
        write(tmp_path / f"{split}-labels-idx1-ubyte", np.arange(count) % 2)
    return tmp_path


def data(folder: Path, *overrides: str):
    with initialize_config_dir(str(paths.conf_dir().resolve()), version_base="1.3"):
        chosen = [
            "task=localization",
            "data=localization/idx",
            f"data.folder={folder}",
            f"data_dir={folder}",
        ]
        return instantiate(compose("config", [*chosen, *overrides]).data, _convert_="all")


def test_objects_that_need_a_larger_canvas_are_answered_with_the_keys(folder):
    with pytest.raises(BakeoffError, match=r"data\.height=\d+ data\.width=\d+ are enough"):
        data(folder).prepare_data()


def test_a_canvas_for_each_digit_unless_sizes_are_asked_for(folder):
    made = data(folder, "data.height=64", "data.width=64", "data.sizes.val=9")
    made.prepare_data()
    made.setup("fit")
    made.setup("test")
    sizes = {split: len(part) for split, part in made.splits.items()}
    assert sizes == {"train": 36, "val": 9, "test": 6}
    assert made.input_shape == (1, 64, 64)
