"""Places for labels beside points, none over another."""

from collections.abc import Sequence

Box = tuple[float, float, float, float]  # left, top, right, bottom, in pixels downwards


def place_labels(
    anchors: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    obstacles: Sequence[Box],
    frame: Box,
) -> list[Box | None]:
    """Find each label a box beside its anchor that meets no obstacle, no other label, no edge.

    Greedy, in the order given, nearest place first; None where there is none within reach.
    """
    taken = list(obstacles)
    boxes: list[Box | None] = []
    for anchor, size in zip(anchors, sizes, strict=True):
        free = (box for box in _places(*anchor, *size) if _inside(box, frame))
        box = next((box for box in free if not any(_meet(box, other) for other in taken)), None)
        boxes.append(box)
        if box:
            taken.append(box)
    return boxes


def _places(x: float, y: float, width: float, height: float) -> list[Box]:
    """List boxes around (x, y), near before far: at its sides, then at its corners."""
    places = []
    for gap in (9, 22, 38, 56, 78):
        for across, down in [(1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1)]:
            left = x + across * gap - width * (1 - across) / 2
            top = y + down * gap - height * (1 - down) / 2
            places.append((left, top, left + width, top + height))
    return places


def _inside(box: Box, frame: Box) -> bool:
    return frame[0] <= box[0] and frame[1] <= box[1] and box[2] <= frame[2] and box[3] <= frame[3]


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
