"""Images of any size in a frame of one size: scaled as a whole, centred, with a margin."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from bakeoff.images.finding import Box


@dataclass(frozen=True)
class Letterbox:
    """Where an image of `size` (width, height) lies in a frame: `left`, `top`, `width`, `height`."""

    size: tuple[int, int]
    left: int
    top: int
    width: int
    height: int

    def to_image(self, box: Box) -> Box:
        """A box in the frame's pixels as one in the image's, cut at its edges."""
        columns, rows = self.size
        x0, x1 = ((x - self.left) * columns / self.width for x in (box[0], box[2]))
        y0, y1 = ((y - self.top) * rows / self.height for y in (box[1], box[3]))
        return (
            min(max(x0, 0.0), columns),
            min(max(y0, 0.0), rows),
            min(max(x1, 0.0), columns),
            min(max(y1, 0.0), rows),
        )


# (image, frame (width, height), colour of a margin) -> the image in the frame, and its place there
Framing = Callable[[Image.Image, tuple[int, int], tuple[int, ...]], tuple[Image.Image, Letterbox]]


def fit(size: tuple[int, int], frame: tuple[int, int]) -> Letterbox:
    """The largest place for an image of `size` in `frame`, both (width, height), in whole pixels."""
    scale = min(there / wanted for there, wanted in zip(frame, size, strict=True))
    width, height = (max(1, round(side * scale)) for side in size)
    return Letterbox(size, (frame[0] - width) // 2, (frame[1] - height) // 2, width, height)


def letterbox(
    image: Image.Image, frame: tuple[int, int], fill: tuple[int, ...]
) -> tuple[Image.Image, Letterbox]:
    """`image` in a `frame` (width, height), the margin in the colour `fill`."""
    # ImageOps.pad rounds the size and the margin otherwise, and does not say where the image lies.
    place = fit(image.size, frame)
    framed = Image.new(image.mode, frame, fill)
    small = image.resize((place.width, place.height), Image.Resampling.BILINEAR)
    framed.paste(small, (place.left, place.top))
    return framed, place
