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
            "task=detection",
            "data=detection/idx",
            f"data.folder={folder}",
            f"data_dir={folder}",
        ]
        return instantiate(compose("config", [*chosen, *overrides]).data, _convert_="all")


def test_objects_that_need_a_larger_canvas_are_answered_with_the_keys(folder):
    with pytest.raises(BakeoffError, match=r"data\.height=\d+ data\.width=\d+ are enough"):
        data(folder).prepare_data()


def test_the_folder_is_the_source_of_the_digits(folder):
    sizes = "data.sizes={train: 12, val: 4, test: 4}"
    made = data(folder, "data.height=128", "data.width=128", sizes)
    made.prepare_data()
    made.setup("fit")
    _, targets = made.splits["train"][:]
    assert len(targets) == 12 and set(targets[targets[..., 0] > 0][:, 5].tolist()) == {0, 1}
