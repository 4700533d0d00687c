"""Digits on noisy canvases: seeded, vectorized, and the same on every machine.

Everything random is drawn as integers, and everything computed from it is integer arithmetic (or
products of small integers in float32, which are exact): no result depends on the processor's
floating-point instructions, on the BLAS library or on the number of threads.

Shapes: N digits or canvases, h x w source images, H x W canvas. Positions are (x, y) in pixels from
the canvas' top left corner, pixel (0, 0) covering [0, 1) x [0, 1).
"""

from dataclasses import dataclass

import numpy as np

from bakeoff.errors import BakeoffError

REVISION = 2  # raise when the same settings and seed give other canvases: caches are then made anew
VISIBLE = 64  # ink from which a pixel counts as part of the digit, of 255
FRACTION = 8  # bits behind the point of a position: 1/256 pixel
SLOPE = 12  # bits behind the point of a matrix entry


@dataclass(frozen=True)
class Noise:
    """Correlated background noise, in [0, 1] of the image's range.

    `level` is the mean of the background, `coarse` the half range of its low-frequency part (bilinear
    interpolation, smoothed, of independent values on a grid with `cell` pixels between its points),
    `pixel` the half range of the noise of single pixels (triangular distribution).
    """

    level: float
    coarse: float
    cell: int
    pixel: float

    def __post_init__(self) -> None:
        if self.cell < 1 or self.coarse < 0 or self.pixel < 0:
            raise BakeoffError(
                f"data.noise: cell {self.cell}, coarse {self.coarse}, pixel {self.pixel}: expected a cell "
                "of 1 pixel or more, and half ranges of 0 or more"
            )


@dataclass(frozen=True)
class Distortion:
    """How digits vary: `scale` (least, most) times their size, per axis; `rotation` in radians, +-."""

    scale: tuple[float, float]
    rotation: float

    def __post_init__(self) -> None:
        least, most = self.scale
        if not 0 < least <= most:
            raise BakeoffError(
                f"data.distortion.scale is [{least}, {most}]: expected [least, most], both above 0"
            )
        if self.rotation < 0:
            raise BakeoffError(f"data.distortion.rotation is {self.rotation}: expected 0 or more")


@dataclass(frozen=True)
class Pose:
    """Where N digits stand: canvas = `centre` + `forward` @ (source - source centre).

    `forward` (N, 2, 2); `extent` (N, 4): left, top, right, bottom around the centre, in canvas
    pixels, between which lies every canvas pixel that can get visible ink. `room`: height and width of a
    canvas that any image of the same size and distortion fits on.
    """

    forward: np.ndarray
    extent: np.ndarray
    room: tuple[int, int] = (0, 0)

    @property
    def size(self) -> np.ndarray:
        """(N, 2): width and height of the extents."""
        return self.extent[:, 2:] - self.extent[:, :2]


def distort(
    images: np.ndarray, distortion: Distortion, pixels: float, rng: np.random.Generator
) -> Pose:
    """Draw a scale per axis and a rotation for each of `images` (N, h, w).

    `pixels` is the number of canvas pixels that a source pixel spans at scale 1.
    """
    count = len(images)
    low, high = distortion.scale
    scale = pixels * (low + (high - low) * _uniform(rng, (count, 2)))
    angle = distortion.rotation * (2 * _uniform(rng, (count,)) - 1)
    cos, sin = np.cos(angle), np.sin(angle)
    rotation = np.stack([cos, -sin, sin, cos], -1).reshape(count, 2, 2)
    # To 1/4096, so that the last bit of a machine's sine does not reach a pixel.
    forward = np.rint(rotation * scale[:, None, :] * 4096) / 4096
    return Pose(forward, _extent(images, forward), _room(images, distortion, pixels))


def place(pose: Pose, height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """Centres (N, 2) that keep the digits inside the canvas, uniformly distributed.

    Raises BakeoffError where a digit is larger than the canvas.
    """
    free = _free(pose, height, width)
    return -pose.extent[:, :2] + free * _uniform(rng, (len(pose.extent), 2))


def place_apart(
    pose: Pose, canvas: np.ndarray, height: int, width: int, tries: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Centres (N, 2) that also keep the extents of digits on the same canvas from overlapping.

    `canvas` (N,) is the number of each digit's canvas, in ascending order. The digits of a canvas are
    placed one after the other, each at the first of `tries` random places that is free. Returns with
    the centres which digits found a place (N,) bool; the first of a canvas always does. Raises
    BakeoffError where a digit is larger than the canvas.
    """
    free = _free(pose, height, width)
    corner = free[:, None] * _uniform(rng, (len(canvas), tries, 2))  # left, top of each try
    extents = np.concatenate([corner, corner + pose.size[:, None]], axis=2)  # (N, tries, 4)
    rank = ranks(canvas)
    chosen, placed = np.zeros(len(canvas), int), np.zeros(len(canvas), bool)
    for turn in range(rank.max(initial=0) + 1):
        now = np.flatnonzero(rank == turn)
        clear = np.ones((len(now), tries), bool)
        for back in range(1, turn + 1):
            earlier = now - back  # the digits of a canvas are neighbours
            there = extents[earlier, chosen[earlier]][:, None]
            clear &= _apart(extents[now], there) | ~placed[earlier][:, None]
        chosen[now], placed[now] = clear.argmax(axis=1), clear.any(axis=1)
    return corner[np.arange(len(canvas)), chosen] - pose.extent[:, :2], placed


def ranks(canvas: np.ndarray) -> np.ndarray:
    """(N,): how many digits of the same canvas come before each; `canvas` (N,) ascending."""
    return np.arange(len(canvas)) - np.searchsorted(canvas, canvas)


def _apart(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Whether boxes (..., 4) of left, top, right, bottom do not overlap."""
    return ((a[..., 2:] <= b[..., :2]) | (b[..., 2:] <= a[..., :2])).any(axis=-1)


def _free(pose: Pose, height: int, width: int) -> np.ndarray:
    """(N, 2): the room that a canvas leaves to each digit. Raises BakeoffError where there is none."""
    widest, highest = pose.size.max(axis=0, initial=0)
    if widest > width or highest > height:
        needed = (int(np.ceil(highest)), int(np.ceil(widest)))
        enough = [max(*sizes) for sizes in zip(pose.room, (height, width), needed, strict=True)]
        raise BakeoffError(
            f"a canvas of {height}x{width} (height x width) is too small: a digit needs "
            f"{needed[0]}x{needed[1]}; enlarge the canvas or lower "
            f"data.distortion.scale: data.height={enough[0]} data.width={enough[1]} are enough for all"
        )
    return np.array([width, height]) - pose.size


def render(
    images: np.ndarray, pose: Pose, centre: np.ndarray, height: int, width: int
) -> np.ndarray:
    """Ink (N, H, W) uint8 of source `images` (N, h, w) uint8, bilinear, nothing around it."""
    count, h, w = images.shape
    padded = np.zeros((count, h + 3, w + 3), np.uint8)
    padded[:, 1 : h + 1, 1 : w + 1] = images
    inverse = _inverse(pose.forward)
    offset = np.rint(centre * (1 << FRACTION)).astype(np.int32)
    dx = ((2 * np.arange(width, dtype=np.int32) + 1) << (FRACTION - 1)) - offset[:, :1]
    dy = ((2 * np.arange(height, dtype=np.int32) + 1) << (FRACTION - 1)) - offset[:, 1:]
    # Half the memory, and so half the time, wherever the products below fit.
    furthest = np.abs(dx).max(initial=0) + np.abs(dy).max(initial=0)
    largest = furthest * np.abs(inverse).max(initial=0) + ((h + w) << (FRACTION + SLOPE))
    inverse = inverse.astype(np.int32 if largest < 1 << 31 else np.int64)

    def source(axis: int, length: int) -> tuple[np.ndarray, np.ndarray]:
        """Index into `padded` and the fraction (of 256) towards the next, for every canvas pixel."""
        # Source pixel i has its centre at i + 1/2, and the padding shifts it by one.
        start = ((length << FRACTION) // 2 + (1 << (FRACTION - 1))) << SLOPE
        along_x = inverse[:, axis, :1] * dx + start
        along_y = inverse[:, axis, 1:] * dy
        at = (along_x[:, None, :] + along_y[:, :, None]) >> SLOPE
        np.clip(at, 0, (length + 1) << FRACTION, out=at)
        return at >> FRACTION, at & ((1 << FRACTION) - 1)

    column, right = source(0, w)
    row, below = source(1, h)
    flat = padded.reshape(-1)
    index = (np.arange(count, dtype=np.int32) * (h + 3) * (w + 3))[:, None, None]
    index = index + row * (w + 3) + column
    top = flat[index] * (256 - right) + flat[index + 1] * right
    index += w + 3
    bottom = flat[index] * (256 - right) + flat[index + 1] * right
    return ((top * (256 - below) + bottom * below + (1 << 15)) >> 16).astype(np.uint8)


def boxes(ink: np.ndarray) -> np.ndarray:
    """Tight boxes (N, 4) of the visible ink (N, H, W): x0, y0, x1, y1 in pixels, x1 and y1 outside.

    A canvas without visible ink gets zeros.
    """
    columns, rows = ink.max(axis=1) >= VISIBLE, ink.max(axis=2) >= VISIBLE

    def bounds(seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return seen.argmax(axis=1), seen.shape[1] - seen[:, ::-1].argmax(axis=1)

    (x0, x1), (y0, y1) = bounds(columns), bounds(rows)
    return np.stack([x0, y0, x1, y1], axis=1) * columns.any(axis=1, keepdims=True)


def paint(ink: np.ndarray, noise: Noise, rng: np.random.Generator) -> np.ndarray:
    """Canvases (N, H, W) uint8: a low-frequency background, the ink over it, noise on every pixel."""
    count, height, width = ink.shape
    coarse = _low_frequency(count, height, width, noise.cell, rng)  # 0..255 in units of 1/4096
    amplitude, level = round(2 * noise.coarse * 256), round(noise.level * 255) << 20
    canvas = (coarse - (255 << 11)) * amplitude + level
    canvas >>= 20
    canvas += ((255 - canvas) * ink) // 255
    grain = rng.integers(0, 256, (2, count, height, width), np.uint8)
    wave = grain[0].astype(np.int32) + grain[1]
    canvas += ((wave - 255) * round(noise.pixel * 256)) >> 8
    return np.clip(canvas, 0, 255, out=canvas).astype(np.uint8)


def _low_frequency(
    count: int, height: int, width: int, cell: int, rng: np.random.Generator
) -> np.ndarray:
    """(N, H, W) int32, 0..255 times 4096: random values on a grid, smoothly interpolated."""
    rows, columns = _interpolation(height, cell), _interpolation(width, cell)
    grid = rng.integers(0, 256, (count, rows.shape[1], columns.shape[1]), np.uint8)
    # Sums of products of integers below 2**24: exact in float32, in any order of summation.
    return (rows @ grid.astype(np.float32) @ columns.T).astype(np.int32)


def _interpolation(length: int, cell: int) -> np.ndarray:
    """(length, points) float32: weights of the grid's points for every pixel, integers that sum to 64."""
    position = (np.arange(length) + 0.5) / cell
    left = position.astype(int)
    t = position - left
    weight = np.rint(64 * t * t * (3 - 2 * t))  # smoothstep: no kinks at the grid's points
    matrix = np.zeros((length, left[-1] + 2), np.float32)
    matrix[np.arange(length), left] = 64 - weight
    matrix[np.arange(length), left + 1] = weight
    return matrix


def _inverse(forward: np.ndarray) -> np.ndarray:
    """Inverses (N, 2, 2) in units of 2**-SLOPE, by integers: LAPACK's last bit is the machine's."""
    a, b, c, d = np.rint(forward * 4096).astype(np.int64).reshape(-1, 4).T
    adjugate = np.stack([d, -b, -c, a], axis=1).reshape(-1, 2, 2)
    return np.rint((adjugate << (12 + SLOPE)) / (a * d - b * c)[:, None, None]).astype(np.int64)


def _extent(images: np.ndarray, forward: np.ndarray) -> np.ndarray:
    _, h, w = images.shape
    y, x = np.indices((h, w))
    visible = images >= VISIBLE
    blank = ~visible.any(axis=(1, 2))
    bounds = []
    for row in (0, 1):
        moved = forward[:, row, 0, None, None] * (x + 0.5 - w / 2)
        moved = moved + forward[:, row, 1, None, None] * (y + 0.5 - h / 2)
        low = np.where(blank, 0, np.where(visible, moved, np.inf).min(axis=(1, 2)))
        high = np.where(blank, 0, np.where(visible, moved, -np.inf).max(axis=(1, 2)))
        # Interpolation carries ink less than one source pixel away from a source pixel's centre;
        # the canvas pixel there reaches half its size further.
        reach = np.abs(forward[:, row]).sum(axis=1) + 0.5
        bounds += [low - reach, high + reach]
    left, right, top, bottom = bounds
    return np.stack([left, top, right, bottom], axis=1)


def _room(images: np.ndarray, distortion: Distortion, pixels: float) -> tuple[int, int]:
    """Height and width of a canvas that holds an image with ink up to its edges in every distortion."""
    _, h, w = images.shape
    scale = pixels * distortion.scale[1]
    turn = np.linspace(0, min(abs(distortion.rotation), np.pi / 2), 1000)
    cos, sin = np.cos(turn), np.sin(turn)
    reach = 2 * (scale * (cos + sin) + 0.5)  # as in `_extent`, on both sides
    high, wide = (scale * (a * cos + b * sin) + reach for a, b in ((h, w), (w, h)))
    return int(np.ceil(high.max())) + 1, int(np.ceil(wide.max())) + 1


def _uniform(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Multiples of 2**-24 in [0, 1)."""
    return rng.integers(0, 1 << 24, shape) / (1 << 24)
