"""IDX files of the user's own as images with one class each."""

import struct
from pathlib import Path

import numpy as np
import pytest
from hydra import compose, initialize_config_dir
from hydra.utils import instantiate

from bakeoff.errors import BakeoffError
from bakeoff.store import paths
from bakeoff.tasks.classification.idx import IdxCollection, IdxData


def write(path: Path, values: np.ndarray) -> None:
    lengths = struct.pack(f">{values.ndim}I", *values.shape)
    path.write_bytes(bytes([0, 0, 8, values.ndim]) + lengths + values.astype(np.uint8).tobytes())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """40 training and 6 test images of 3x4 pixels of the labels 2, 5 and 30; an image holds its label."""
    for split, count in (("train", 40), ("t10k", 6)):
        labels = np.resize([5, 2, 30], count)
        write(tmp_path / f"{split}-images-idx3-ubyte", np.repeat(labels, 12).reshape(count, 3, 4))
        write(tmp_path / f"{split}-labels-idx1-ubyte", labels)
    return tmp_path


def data(folder: Path) -> IdxData:
    with initialize_config_dir(str(paths.conf_dir().resolve()), version_base="1.3"):
        overrides = ["task=classification", "data=classification/idx", f"data.folder={folder}"]
        config = compose("config", overrides)
    return instantiate(config.data, _convert_="all")


def test_the_option_names_the_folder_alone(folder):
    made = data(folder)
    assert (made.input_shape, made.class_names, made.output_shape) == (
        (1, 3, 4),
        ("2", "5", "30"),
        (3,),
    )
    made.setup("fit")
    assert (len(made.splits["train"]), len(made.splits["val"])) == (36, 4)
    pixels, labels = made.splits["train"][:]
    assert pixels[:, 0, 1, 2].tolist() == [int(made.class_names[label]) for label in labels]
    made.setup("test")
    assert made.splits["test"][:][1].tolist() == [1, 0, 2, 1, 0, 2]


def test_without_test_files_some_training_images_are_for_testing(folder):
    for path in folder.glob("t10k*"):
        path.unlink()
    made = data(folder)
    made.setup("test")
    assert len(made.splits["test"]) == 6  # 15 % of 40
    (folder / "t10k-images-idx3-ubyte").touch()
    with pytest.raises(BakeoffError, match="no t10k-labels-idx1-ubyte: expected"):
        IdxCollection(str(folder))


def test_test_images_of_another_size_or_label_are_refused(folder):
    write(folder / "t10k-labels-idx1-ubyte", np.array([2, 5, 30, 7, 9, 2]))
    with pytest.raises(BakeoffError, match=r"t10k-labels.* has not: \[7, 9\]"):
        IdxCollection(str(folder)).load()
    write(folder / "t10k-images-idx3-ubyte", np.zeros((6, 4, 4)))
    with pytest.raises(BakeoffError, match=r"images of 4x4 pixels, train-images.* of 3x4"):
        IdxCollection(str(folder)).load()
