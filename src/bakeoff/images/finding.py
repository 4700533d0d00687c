"""What a trained net says about an image, in terms of the image."""

from dataclasses import dataclass

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Finding:
    """An object, or what the whole image shows.

    `label` is the number of the class, `score` in [0, 1]; `box` (left, top, right, bottom) in pixels of
    the image, None where the finding is about all of it.
    """

    label: int
    score: float
    box: Box | None = None
