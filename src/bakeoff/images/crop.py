"""Images of any size in a frame of one size: the middle, cut to the frame's proportions."""

from PIL import Image, ImageOps

from bakeoff.images.letterbox import Letterbox


def crop(image: Image.Image, frame: tuple[int, int]) -> Image.Image:
    """The largest part of `image` with the proportions of `frame` (width, height), from its middle, in
    that size.
    """
    return ImageOps.fit(image, frame)


def cropped(
    image: Image.Image, frame: tuple[int, int], fill: tuple[int, ...]
) -> tuple[Image.Image, Letterbox]:
    """`crop` in the form of `letterbox`: the place of the whole image reaches beyond the frame, so that
    there is no margin to `fill`.
    """
    scale = max(there / wanted for there, wanted in zip(frame, image.size, strict=True))
    width, height = (max(1, round(side * scale)) for side in image.size)
    left, top = (frame[0] - width) // 2, (frame[1] - height) // 2
    return crop(image, frame), Letterbox(image.size, left, top, width, height)
