"""The metrics of objects against a hand-worked example and a plain loop."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, tensor

from bakeoff.tasks.boxes.metrics import ObjectMetrics, object_hits

quick = settings(max_examples=40, deadline=None)


def output(confidence: float, box: list[float], label: int) -> list[float]:
    return [confidence, *box, *(5.0 if i == label else 0.0 for i in range(10))]


# Boxes: the same; half of it (IoU 1/2); shifted by half its size both ways (overlap 1/4 of each, so
# IoU 1/4 / (2 - 1/4) = 1/7); elsewhere.
TRUE = [0.5, 0.5, 0.2, 0.4]
HALF, SHIFTED, ELSEWHERE = [0.5, 0.5, 0.2, 0.2], [0.6, 0.7, 0.2, 0.4], [0.1, 0.1, 0.1, 0.1]
EXAMPLE = [
    # (output, target): IoU, found and right, p_c right
    (output(2, TRUE, 3), [1, *TRUE, 3]),  # 1, yes, yes; the only strict one
    (output(2, SHIFTED, 4), [1, *TRUE, 4]),  # 1/7, yes, yes
    (output(2, HALF, 5), [1, *TRUE, 6]),  # 1/2, wrong class, yes
    (output(-1, TRUE, 7), [1, *TRUE, 7]),  # 1, not found, no
    (output(0, ELSEWHERE, 0), [1, *TRUE, 0]),  # 0, sigmoid(0) is not above .5, no
    (output(-3, TRUE, 0), [0] * 6),  # empty and said so
    (output(3, TRUE, 0), [0] * 6),  # empty, but a digit claimed
]


def batch(pairs: list[tuple[list[float], list[float]]]) -> tuple[Tensor, Tensor]:
    outputs, targets = zip(*pairs, strict=True)
    return tensor(outputs, dtype=torch.float32), tensor(targets, dtype=torch.float32)


def computed(*batches: tuple[Tensor, Tensor]) -> dict[str, float]:
    metrics = ObjectMetrics()
    for outputs, targets in batches:
        metrics.update(outputs, targets)
    return {name: float(value) for name, value in metrics.compute().items()}


def random_batch(count: int, seed: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    targets = torch.rand(count, 6, generator=generator)
    targets[:, 0] = (torch.rand(count, generator=generator) < 0.7).float()
    targets[:, 5] = torch.randint(3, (count,), generator=generator)
    outputs = torch.randn(count, 8, generator=generator)  # 3 classes
    outputs[:, 1:5] = targets[:, 1:5] + 0.2 * torch.randn(count, 4, generator=generator)
    return outputs, targets


def loop(outputs: Tensor, targets: Tensor) -> dict[str, float]:
    """The definitions, image by image."""
    digits = right = strict = confident = 0
    total = 0.0
    for out, target in zip(outputs.tolist(), targets.tolist(), strict=True):
        found = 1 / (1 + math.exp(-out[0])) > 0.5
        confident += found == (target[0] == 1)
        if target[0] != 1:
            continue
        (x, y, w, h), (u, v, p, q) = out[1:5], target[1:5]
        w, h = abs(w), abs(h)
        wide = min(x + w / 2, u + p / 2) - max(x - w / 2, u - p / 2)
        high = min(y + h / 2, v + q / 2) - max(y - h / 2, v - q / 2)
        overlap = max(wide, 0) * max(high, 0)
        iou = overlap / (w * h + p * q - overlap)
        named = found and max(range(3), key=lambda i: out[5 + i]) == target[5]
        digits, total = digits + 1, total + iou
        right, strict = right + named, strict + (named and iou > 0.5)
    return {
        "performance": (right / digits + total / digits) / 2,
        "accuracy": right / digits,
        "iou": total / digits,
        "strict_accuracy": strict / digits,
        "confidence_accuracy": confident / len(outputs),
    }


def test_hand_worked_example():
    mean_iou = (1 + 1 / 7 + 1 / 2 + 1 + 0) / 5
    assert computed(batch(EXAMPLE)) == pytest.approx(
        {
            "performance": (2 / 5 + mean_iou) / 2,
            "accuracy": 2 / 5,
            "iou": mean_iou,
            "strict_accuracy": 1 / 5,
            "confidence_accuracy": 4 / 7,
        },
        abs=1e-6,
    )


def test_hits_of_each_image():
    hits = object_hits(*batch(EXAMPLE))
    assert hits["present"].tolist() == [True] * 5 + [False] * 2
    assert hits["confident"].tolist() == [True, True, True, False, False, True, False]
    assert hits["right"].tolist() == [True, True] + [False] * 5
    assert hits["iou"].tolist() == pytest.approx([1, 1 / 7, 1 / 2, 1, 0, 0, 0], abs=1e-6)
    assert hits["strict"].tolist() == [True] + [False] * 6


@pytest.mark.parametrize("seed", range(5))
def test_metrics_are_those_of_a_plain_loop(seed):
    outputs, targets = random_batch(200, seed)
    assert computed((outputs, targets)) == pytest.approx(loop(outputs, targets), abs=1e-5)


@quick
@given(st.integers(0, 1000), st.lists(st.integers(1, 30), min_size=1, max_size=6))
def test_any_split_into_batches_gives_the_same_result(seed, sizes):
    outputs, targets = random_batch(sum(sizes), seed)
    targets[0, 0] = 1
    whole = computed((outputs, targets))
    parts = computed(*zip(outputs.split(sizes), targets.split(sizes), strict=True))
    assert parts == pytest.approx(whole, rel=1e-5)


def test_a_reset_forgets_everything():
    metrics = ObjectMetrics()
    metrics.update(*random_batch(50, 0))
    metrics.reset()
    metrics.update(*batch(EXAMPLE))
    assert float(metrics.compute()["accuracy"]) == pytest.approx(2 / 5)


def test_without_a_digit_there_is_no_accuracy():
    result = computed(batch(EXAMPLE[5:]))
    assert math.isnan(result["accuracy"])
    assert math.isnan(result["iou"])
    assert math.isnan(result["performance"])
    assert result["confidence_accuracy"] == 0.5


def test_many_images_are_counted_one_by_one():
    # A float32 sum would stop at 2**24; the states must not.
    metrics = ObjectMetrics()
    metrics.update(*batch(EXAMPLE))
    for name in ("present", "right", "total"):
        setattr(metrics, name, getattr(metrics, name) + 2.0**24)
    before = float(metrics.total)
    metrics.update(*batch(EXAMPLE[:1]))
    assert float(metrics.total) == before + 1


@pytest.mark.parametrize("places", [(), (2, 3)])
def test_sums_over_images_give_the_metrics(places):
    generator = torch.Generator().manual_seed(1)
    output = torch.randn(20, *places, 9, generator=generator)
    target = torch.rand(20, *places, 6, generator=generator)
    target[..., 0], target[..., 5] = target[..., 0].round(), (4 * target[..., 5]).floor()
    metrics = ObjectMetrics()
    metrics.update(output, target)
    parts = metrics.per_example(output, target)
    assert {part.shape for part in parts.values()} == {(20,)}
    sums = {name: part.double().sum() for name, part in parts.items()}
    found = {name: float(value) for name, value in metrics.from_sums(sums).items()}
    assert found == pytest.approx({name: float(v) for name, v in metrics.compute().items()})
