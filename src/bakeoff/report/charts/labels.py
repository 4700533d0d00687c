"""Places for labels beside points, none over another."""

from collections.abc import Sequence

import numpy as np

Box = tuple[float, float, float, float]  # left, top, right, bottom, in pixels downwards
GAPS = (9, 22, 38, 56, 78)  # from a point to its label, the nearest first
CHUNK = 64  # obstacles looked at together
# At the sides of the point, then at its corners: steps to the right and down.
SIDES = np.array([(1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1)])
STEPS = np.concatenate([np.column_stack([SIDES, SIDES * gap]) for gap in GAPS])


def place_labels(
    anchors: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    obstacles: Sequence[Box],
    frame: Box,
) -> list[Box | None]:
    """Find each label a box beside its anchor that meets no obstacle, no other label, no edge.

    Greedy, in the order given, nearest place first; None where there is none within reach.
    """
    taken = np.empty((len(obstacles) + len(anchors), 4))
    taken[: len(obstacles)] = np.reshape(obstacles, (-1, 4))
    count = len(obstacles)
    boxes: list[Box | None] = []
    for anchor, size in zip(anchors, sizes, strict=True):
        places = _places(*anchor, *size)
        free = places[_inside(places, frame)]
        # In a crowd the first obstacles leave no place, and the others need no look.
        for start in range(0, count, CHUNK):
            if not len(free):
                break
            free = free[~_meet(free[:, None], taken[start : min(start + CHUNK, count)]).any(axis=1)]
        boxes.append(tuple(free[0].tolist()) if len(free) else None)
        if len(free):
            taken[count] = free[0]
            count += 1
    return boxes


def _places(x: float, y: float, width: float, height: float) -> np.ndarray:
    """The boxes (P, 4) around (x, y), near before far."""
    across, down, right, below = STEPS.T
    left = x + right - width * (1 - across) / 2
    top = y + below - height * (1 - down) / 2
    return np.column_stack([left, top, left + width, top + height])


def _inside(boxes: np.ndarray, frame: Box) -> np.ndarray:
    """Which of the boxes (P, 4) the frame holds."""
    return (boxes[:, :2] >= frame[:2]).all(axis=1) & (boxes[:, 2:] <= frame[2:]).all(axis=1)


def _meet(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Whether boxes (..., 4) overlap."""
    return ((a[..., :2] < b[..., 2:]) & (b[..., :2] < a[..., 2:])).all(axis=-1)
