"""Detection metrics over batches and over processes."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor

from bakeoff.images.boxes import xywh_to_xyxy
from bakeoff.tasks.detection.average_precision import Boxes, average_precisions, precisions
from bakeoff.tasks.detection.decode import findings
from bakeoff.tasks.detection.grid import to_grid
from bakeoff.tasks.detection.metrics import AveragePrecision, CellMetrics

HEIGHT, WIDTH = 48, 60
CLASSES = 3


def batch(images: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Lists of boxes (B, 4, 6), and outputs that are nearly right."""
    generator = torch.Generator().manual_seed(seed)
    boxes = torch.rand(images, 4, 6, generator=generator)
    boxes[..., 3:5] = 0.1 + 0.3 * boxes[..., 3:5]
    boxes[..., 0] = (boxes[..., 0] > 0.5).float()
    boxes[..., 5] = (boxes[..., 5] * CLASSES).floor()
    boxes *= boxes[..., :1]
    target = to_grid(boxes, 2, 3)
    output = torch.randn(images, 2, 3, 5 + CLASSES, generator=generator)
    output[..., 0] += 4 * target[..., 0] - 2
    output[..., 1:5] = target[..., 1:5] + 0.03 * output[..., 1:5]
    output[..., 5:] += 3 * torch.nn.functional.one_hot(target[..., 5].long(), CLASSES)
    return output, boxes


def by_hand(output: Tensor, boxes: Tensor) -> dict[str, float]:
    """The same average precision from boxes in pixels, collected one by one."""
    size = torch.tensor([WIDTH, HEIGHT, WIDTH, HEIGHT])
    found = [
        (image, finding.label, *finding.box, finding.score)
        for image, of in enumerate(findings(output, HEIGHT, WIDTH, 0.01, 0.5))
        for finding in of
    ]
    true = [
        (image, int(row[5]), *(xywh_to_xyxy(row[1:5]) * size).tolist(), 1.0)
        for image, of in enumerate(boxes)
        for row in of
        if row[0] > 0
    ]

    def as_boxes(rows: list[tuple]) -> Boxes:
        table = torch.tensor(rows, dtype=torch.float64).numpy()
        image, label = table[:, 0].astype(int), table[:, 1].astype(int)
        return Boxes(image, label, table[:, 2:6], table[:, 6])

    return average_precisions(precisions(as_boxes(found), as_boxes(true), len(boxes), CLASSES))


def measured(metric: AveragePrecision, output: Tensor, boxes: Tensor) -> dict[str, float]:
    for part in range(0, len(output), 7):
        metric.update(output[part : part + 7], boxes[part : part + 7])
    return {name: value.item() for name, value in metric.compute().items()}


def test_average_precision_equals_that_of_boxes_in_pixels():
    output, boxes = batch(60)
    expected = by_hand(output, boxes)
    assert 0.1 < expected["map"] < 0.9
    metric = AveragePrecision(threshold=0.01, overlap=0.5)
    assert measured(metric, output, boxes) == pytest.approx(expected, abs=1e-6)
    metric.reset()
    assert measured(metric, output, boxes) == pytest.approx(expected, abs=1e-6)


def test_objects_that_collide_in_the_grid_count_for_average_precision_but_not_by_cell():
    twins = torch.tensor([[[1, 0.2, 0.2, 0.1, 0.1, 0], [1, 0.1, 0.1, 0.1, 0.1, 0]]])
    output = torch.full((1, 2, 3, 5 + CLASSES), -9.0)
    output[0, 0, 0] = torch.tensor([9, 0.6, 0.4, 0.3, 0.2, 9, 0, 0])
    average, cell = AveragePrecision(threshold=0.01, overlap=0.5), CellMetrics()
    average.update(output, twins)
    cell.update(output, twins)
    assert average.compute()["map"].item() == pytest.approx(51 / 101)  # half of them found
    assert cell.compute()["performance"].item() == pytest.approx(1.0, abs=1e-6)


def test_without_true_boxes_there_is_nothing_to_average():
    output, boxes = batch(5)
    metric = AveragePrecision(threshold=0.01, overlap=0.5)
    assert torch.tensor(list(measured(metric, output, 0 * boxes).values())).isnan().all()


def test_processes_measure_what_one_would(tmp_path: Path):
    """Two processes with different shares of the images, one of them without any detection."""
    output, boxes = batch(20)
    output[13:, ..., 0] = -99
    torch.save((output, boxes), tmp_path / "batch.pt")
    script = """
import sys, torch, torch.distributed as dist
from bakeoff.tasks.detection.metrics import AveragePrecision
rank, place = int(sys.argv[1]), sys.argv[2]
dist.init_process_group("gloo", init_method=f"file://{place}/meet", rank=rank, world_size=2)
output, boxes = torch.load(place + "/batch.pt", weights_only=True)
share = slice(0, 13) if rank == 0 else slice(13, 20)
metric = AveragePrecision(threshold=0.01, overlap=0.5)
metric.update(output[share], boxes[share])
print(metric.compute()["map"].item())
dist.destroy_process_group()
"""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(rank), str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for rank in range(2)
    ]
    try:
        found = [float(process.communicate(timeout=500)[0]) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    expected = measured(AveragePrecision(threshold=0.01, overlap=0.5), output, boxes)["map"]
    assert found == pytest.approx([expected] * 2, abs=1e-12)
