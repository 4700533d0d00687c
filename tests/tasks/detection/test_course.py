"""The course's files: read as they are, refused with reasons."""

from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.utils.data import TensorDataset

from bakeoff.errors import BakeoffError
from bakeoff.tasks.detection.course import CourseData, read_detection
from bakeoff.tasks.detection.grid import to_grid

BOXES = [
    [[1, 0.2, 0.2, 0.3, 0.3, 1], [1, 0.9, 0.7, 0.2, 0.5, 0]],
    [[1, 0.5, 0.5, 0.25, 0.25, 0]],
    [],
]


def padded(boxes: list[list[list[float]]]) -> Tensor:
    lists = [torch.tensor(rows, dtype=torch.float32).reshape(-1, 6) for rows in boxes]
    return torch.nn.utils.rnn.pad_sequence(lists, batch_first=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of all three splits: grids as pairs or as a TensorDataset, lists in two forms."""
    images = torch.rand(3, 1, 48, 60, generator=torch.Generator().manual_seed(0))
    grids = to_grid(padded(BOXES), 2, 3)
    rows = [[torch.tensor(row, dtype=torch.float32) for row in boxes] for boxes in BOXES]
    tensors = [torch.tensor(boxes).reshape(-1, 6) for boxes in BOXES]
    for split, lists in (("train", rows), ("val", tensors), ("test", rows)):
        pairs = list(zip(images, grids, strict=True))
        content = pairs if split == "train" else TensorDataset(images, grids)
        torch.save(content, tmp_path / f"detection_{split}.pt")
        torch.save(lists, tmp_path / f"list_y_true_{split}.pt")
    return tmp_path


def data(folder: Path, lists: bool = True) -> CourseData:
    names = {
        split: {
            "grids": f"detection_{split}.pt",
            "lists": f"list_y_true_{split}.pt" if lists else None,
        }
        for split in ("train", "val", "test")
    }
    return CourseData(folder=str(folder), names=names, grid=[2, 3], classes=[0, 1], batch_size=2)


@pytest.mark.parametrize("lists", [True, False])
def test_images_and_lists(folder, lists):
    course = data(folder, lists)
    course.prepare_data()
    assert course.input_shape == (1, 48, 60)
    assert course.output_shape == (2, 3, 7)
    course.setup("fit")
    course.setup("test")
    for split in ("train", "val", "test"):
        images, boxes = course.splits[split].tensors
        assert images.shape == (3, 1, 48, 60)
        expected = padded(BOXES)
        torch.testing.assert_close(boxes[:, :2], expected)
        assert not boxes[:, 2:].any()
    assert [len(x) for x, _ in course.val_dataloader()] == [2, 1]


def test_missing_files_are_listed(tmp_path):
    with pytest.raises(BakeoffError, match=r"detection_train.pt.*list_y_true_test.pt.*data.folder"):
        data(tmp_path).prepare_data()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda boxes: boxes.pop(), "holds 2 lists, but .* 3 images"),
        (lambda boxes: boxes[1][0].__setitem__(5, 2), r"a class is not in 0..1 at image 1"),
        (lambda boxes: boxes[0][1].__setitem__(1, 1.5), r"a centre is outside .* at image 0"),
        (lambda boxes: boxes[0][1].__setitem__(3, 0), "a width or height is not positive"),
        (lambda boxes: boxes[0][0].__setitem__(0, 0.5), "p_c is neither 0 nor 1"),
        (lambda boxes: boxes[1][0].__setitem__(2, float("nan")), "not finite at image 1"),
        (lambda boxes: boxes[1][0].__setitem__(1, 0.1), "in other cells than .* at image 1"),
        (lambda boxes: boxes[1][0].pop(), "expected a list of boxes for every image"),
    ],
)
def test_wrong_lists_are_refused(folder, change, message):
    boxes = [[list(row) for row in rows] for rows in BOXES]
    change(boxes)
    lists = folder / "list_y_true_val.pt"
    torch.save(boxes, lists)
    with pytest.raises(BakeoffError, match=message):
        read_detection(folder / "detection_val.pt", lists, classes=2)


def test_wrong_grids_are_refused(folder):
    path = folder / "detection_val.pt"
    images, grids = torch.rand(2, 1, 48, 60), torch.zeros(2, 2, 3, 6)
    grids[1, 0, 0] = torch.tensor([1, 1.5, 0.5, 1, 1, 0])
    torch.save(TensorDataset(images, grids), path)
    with pytest.raises(BakeoffError, match=r"a centre is outside \[0, 1\] at image 1"):
        read_detection(path, None, classes=2)
    torch.save(TensorDataset(images, grids[..., :5]), path)
    with pytest.raises(BakeoffError, match=r"targets \(2, 2, 3, 5\): expected"):
        read_detection(path, None, classes=2)
    path.write_bytes(b"not a file of torch's")
    with pytest.raises(BakeoffError, match=r"cannot read .*damaged"):
        read_detection(path, None, classes=2)


def test_the_fingerprint_follows_the_content_of_every_file(folder):
    found = {data(folder).fingerprint}
    files = sorted(folder.iterdir())
    for path in files:
        path.write_bytes(path.read_bytes() + b"more")
        found.add(data(folder).fingerprint)
    assert len(files) == 6
    assert len(found) == 7
