"""Canvases: exact, seeded, and where the boxes say the digits are."""

import hashlib
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import map_coordinates
from scipy.stats import kstest
from threadpoolctl import threadpool_limits

from bakeoff.errors import BakeoffError
from bakeoff.images.digits import EmbeddedDigits
from bakeoff.tasks.boxes.canvas import (
    VISIBLE,
    Distortion,
    Noise,
    Pose,
    boxes,
    distort,
    paint,
    place,
    render,
)

quick = settings(max_examples=60, deadline=None)

HEIGHT, WIDTH = 48, 60
PINNED = "4d516afcd642972b109c92e84ff5e254432f331d51f5a0898080d1703b4da3c1"
DISTORTION = Distortion(scale=(0.7, 1.4), rotation=0.6)
NOISE = Noise(level=0.4, coarse=0.22, cell=12, pixel=0.4)
QUARTER = np.array([[0.0, -1.0], [1.0, 0.0]])  # to the right becomes down: clockwise

# Ink just below, at and above what is visible, and the extremes.
ink_values = st.sampled_from([0, VISIBLE - 1, VISIBLE, 200, 255])
images = arrays(np.uint8, st.tuples(st.just(1), *[st.integers(1, 9)] * 2), elements=ink_values)


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    return EmbeddedDigits().load()["train"].images[:200]


def generate(source: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    pose = distort(source, DISTORTION, 2.5, rng)
    ink = render(source, pose, place(pose, HEIGHT, WIDTH, rng), HEIGHT, WIDTH)
    return ink, boxes(ink), paint(ink, NOISE, rng)


def posed(forward: np.ndarray) -> Pose:
    """A pose for `render`, which does not ask for the extent."""
    return Pose(np.atleast_3d(forward).reshape(-1, 2, 2), np.zeros((1, 4)))


def turned(scale_x: float, scale_y: float, angle: float) -> np.ndarray:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, -sin], [sin, cos]]) @ np.diag([scale_x, scale_y])


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(digits):
    first, again, other = generate(digits, 0), generate(digits, 0), generate(digits, 1)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not any(np.array_equal(a, b) for a, b in zip(first, other, strict=True))


def test_canvases_are_the_same_on_every_machine(digits):
    ink, box, canvas = generate(digits, 0)
    content = ink.tobytes() + box.astype("<i4").tobytes() + canvas.tobytes()
    # Computed once. Where it differs on purpose, raise REVISION too.
    assert hashlib.sha256(content).hexdigest() == PINNED


def test_canvases_do_not_depend_on_the_number_of_threads(digits):
    with threadpool_limits(1):
        one = generate(digits, 0)
    with threadpool_limits(4):
        four = generate(digits, 0)
    assert all(np.array_equal(a, b) for a, b in zip(one, four, strict=True))


# Rendering


@quick
@given(images, st.integers(0, 3), st.integers(10, 15), st.integers(10, 15))
def test_whole_pixels_and_quarter_turns_reproduce_the_source(source, turns, left, top):
    expected = np.rot90(source[0], -turns)  # numpy turns against the clock
    high, wide = expected.shape
    centre = np.array([[left + wide / 2, top + high / 2]])
    forward = np.linalg.matrix_power(QUARTER, turns)
    ink = render(source, posed(forward), centre, 30, 34)[0]
    np.testing.assert_array_equal(ink[top : top + high, left : left + wide], expected)
    assert ink.sum() == source.sum()


@quick
@given(
    images,
    st.floats(0.6, 3),
    st.floats(0.6, 3),
    st.floats(-np.pi, np.pi),
    st.floats(0, 30),
    st.floats(0, 30),
)
def test_rendering_is_bilinear_interpolation(source, scale_x, scale_y, angle, x, y):
    _, h, w = source.shape
    forward = np.rint(turned(scale_x, scale_y, angle) * 4096) / 4096
    ink = render(source, posed(forward), np.array([[x, y]]), 30, 30)[0]

    rows, columns = np.indices((30, 30)) + 0.5
    back = np.linalg.inv(forward)
    source_x = back[0, 0] * (columns - x) + back[0, 1] * (rows - y) + w / 2 - 0.5
    source_y = back[1, 0] * (columns - x) + back[1, 1] * (rows - y) + h / 2 - 0.5
    expected = map_coordinates(
        source[0].astype(float), [source_y, source_x], order=1, mode="grid-constant"
    )
    # Positions are rounded to 1/256 source pixel and slopes to 1/4096: a few levels of 255.
    assert np.abs(ink - expected).max() < 6


def test_twice_the_scale_doubles_the_box():
    # Ink 200 is invisible (below 64) from 0.68 source pixels on, so edges do not move at scale 2.
    source = np.zeros((1, 9, 13), np.uint8)
    source[0, 2:7, 1:12] = 200  # 11 wide, 5 high, in the middle of the image
    centre = np.array([[30.5, 20.5]])
    once = boxes(render(source, posed(np.eye(2)), centre, 40, 60))
    twice = boxes(render(source, posed(2 * np.eye(2)), centre - 0.5, 40, 60))
    np.testing.assert_array_equal(once, [[25, 18, 36, 23]])
    np.testing.assert_array_equal(twice, [[19, 15, 41, 25]])


def test_a_digit_at_the_edge_of_a_huge_canvas_leaves_nothing_elsewhere(digits):
    # From column 2,480 on, positions in the source pass 2**32 units of render's fixed point.
    pose, centre = posed(0.6 * np.eye(2)), np.array([[20.0, 20.0]])
    small = render(digits[:1], pose, centre, 40, 40)
    huge = render(digits[:1], pose, centre, 40, 2600)
    np.testing.assert_array_equal(huge[:, :, :40], small)
    assert huge.sum() == small.sum() > 0


# Boxes


@given(
    arrays(np.uint8, st.tuples(st.integers(1, 3), *[st.integers(1, 7)] * 2), elements=ink_values)
)
@quick
def test_boxes_are_tight_around_the_visible_pixels(ink):
    for canvas, box in zip(ink, boxes(ink), strict=True):
        seen = [(x, y) for y, row in enumerate(canvas) for x, v in enumerate(row) if v >= VISIBLE]
        xs, ys = zip(*seen, strict=True) if seen else ([0], [0])
        one = bool(seen)  # x1 and y1 lie behind the last pixel
        assert box.tolist() == [min(xs), min(ys), max(xs) + one, max(ys) + one]


# Poses


def test_scales_and_rotations_are_uniform_within_their_bounds():
    rng = np.random.default_rng(0)
    forward = distort(np.full((20_000, 1, 1), 255, np.uint8), DISTORTION, 2.0, rng).forward
    scale = np.linalg.norm(forward, axis=1)
    angle = np.arctan2(forward[:, 1, 0], forward[:, 0, 0])
    to_a_step = 1e-3  # entries are multiples of 1/4096
    for values, low, high in ((scale.ravel(), 2 * 0.7, 2 * 1.4), (angle, -0.6, 0.6)):
        assert values.min() > low - to_a_step
        assert values.max() < high + to_a_step
        assert kstest(values, "uniform", (low, high - low)).pvalue > 0.01
    # Width and height vary independently, and so does the angle.
    assert np.abs(np.corrcoef([*scale.T, angle]) - np.eye(3)).max() < 0.03


def test_columns_of_a_pose_are_the_scaled_axes_turned_by_one_angle():
    rng = np.random.default_rng(0)
    forward = distort(np.full((500, 1, 1), 255, np.uint8), DISTORTION, 1.0, rng).forward
    cosine = (forward[:, :, 0] * forward[:, :, 1]).sum(axis=1)
    assert np.abs(cosine).max() < 1e-3
    assert np.linalg.det(forward).min() > 0  # never mirrored


@quick
@given(images, st.floats(0.5, 3), st.floats(0, np.pi), st.integers(0, 2**32))
def test_extents_hold_all_visible_ink(source, scale, rotation, seed):
    rng = np.random.default_rng(seed)
    pose = distort(source, Distortion((scale, 1.4 * scale), rotation), 1.0, rng)
    centre = 40 + rng.random((1, 2))
    ink = render(source, pose, centre, 80, 80)
    if ink.max() < VISIBLE:
        return
    left_top, right_bottom = centre + pose.extent[:, :2], centre + pose.extent[:, 2:]
    box, rounding = boxes(ink), 1 / 16
    assert (left_top <= box[:, :2] + rounding).all()
    assert (right_bottom >= box[:, 2:] - rounding).all()


def test_extents_are_not_much_larger_than_the_ink():
    rng = np.random.default_rng(0)
    source = np.full((300, 8, 5), 255, np.uint8)
    pose = distort(source, DISTORTION, 2.5, rng)
    box = boxes(render(source, pose, np.full((300, 2), 40.0), 80, 80))
    # To each side at most a stretched source pixel and a canvas pixel.
    slack = 2 * (np.abs(pose.forward).sum(axis=2) + 1)
    assert (pose.size <= box[:, 2:] - box[:, :2] + slack).all()


@quick
@given(images, st.floats(0.5, 2), st.floats(0, np.pi), st.integers(0, 2**32))
def test_placed_digits_stay_inside(source, scale, rotation, seed):
    source, margin = np.repeat(source, 20, axis=0), 10
    rng = np.random.default_rng(seed)
    pose = distort(source, Distortion((scale, 1.4 * scale), rotation), 1.0, rng)
    centre = place(pose, HEIGHT, WIDTH, rng)
    ink = render(source, pose, centre, HEIGHT, WIDTH)
    wider = render(source, pose, centre + margin, HEIGHT + 2 * margin, WIDTH + 2 * margin)
    assert (ink >= VISIBLE).sum() == (wider >= VISIBLE).sum()


def test_a_digit_without_visible_ink_is_placed_too():
    source = np.full((50, 8, 8), VISIBLE - 1, np.uint8)
    rng = np.random.default_rng(0)
    pose = distort(source, DISTORTION, 2.5, rng)
    centre = place(pose, HEIGHT, WIDTH, rng)
    assert (centre > 0).all()
    assert (centre < [WIDTH, HEIGHT]).all()
    assert not boxes(render(source, pose, centre, HEIGHT, WIDTH)).any()


def test_places_are_uniform_where_the_digit_fits():
    count = 20_000
    extent = np.tile([-3.0, -5.0, 7.0, 15.0], (count, 1))  # 10 wide, 20 high
    pose = Pose(np.tile(np.eye(2), (count, 1, 1)), extent)
    left, top = (place(pose, HEIGHT, WIDTH, np.random.default_rng(0)) + extent[:, :2]).T
    assert kstest(left, "uniform", (0, WIDTH - 10)).pvalue > 0.01
    assert kstest(top, "uniform", (0, HEIGHT - 20)).pvalue > 0.01
    assert abs(np.corrcoef(left, top)[0, 1]) < 0.02


def test_a_canvas_that_is_too_small_is_refused_with_the_size_that_is_enough(digits):
    pose = distort(digits, DISTORTION, 2.5, np.random.default_rng(0))
    with pytest.raises(BakeoffError, match="20x60") as caught:
        place(pose, 20, WIDTH, np.random.default_rng(0))
    message = r"canvas of 20x60 \(height x width\).* needs (\d+)x(\d+); enlarge the canvas or lower"
    height, width = map(int, re.search(message, str(caught.value)).groups())
    place(pose, height, width, np.random.default_rng(0))
    with pytest.raises(BakeoffError):
        place(pose, height, width - 1, np.random.default_rng(0))
    with pytest.raises(BakeoffError):
        place(pose, height - 1, width, np.random.default_rng(0))


def test_a_canvas_that_is_too_small_for_one_digit_is_refused_with_keys_that_are_enough_for_all():
    full = np.full((200, 28, 28), 255, np.uint8)
    pose = distort(full, DISTORTION, 1.0, np.random.default_rng(0))
    with pytest.raises(BakeoffError, match="48x60") as caught:
        place(pose, 48, 60, np.random.default_rng(0))
    found = re.search(r"data.height=(\d+) data.width=(\d+) are enough for all", str(caught.value))
    height, width = map(int, found.groups())
    for seed in range(5):
        place(
            distort(full, DISTORTION, 1.0, np.random.default_rng(seed)),
            height,
            width,
            np.random.default_rng(0),
        )
    extreme = Distortion(scale=(DISTORTION.scale[1],) * 2, rotation=DISTORTION.rotation)
    needed = distort(full, extreme, 1.0, np.random.default_rng(0)).size.max(axis=0)
    assert height - 4 < needed[1] <= height and width == max(60, height)


# Noise


def test_ink_lies_over_an_even_background():
    ink = np.array([[[0, 128, 255]]], np.uint8)
    canvas = paint(ink, Noise(level=0.4, coarse=0, cell=1, pixel=0), np.random.default_rng(0))
    # Background 0.4 * 255 = 102; half ink: 102 + (255 - 102) * 128 // 255 = 178; full ink: 255.
    assert canvas.tolist() == [[[102, 178, 255]]]


def test_painting_is_integer_arithmetic(digits):
    ink = generate(digits[:3], 0)[0][:, :20, :30]
    canvas = paint(ink, NOISE, np.random.default_rng(5))

    rng, cell = np.random.default_rng(5), NOISE.cell
    grid = rng.integers(0, 256, (3, 20 // cell + 2, 30 // cell + 2), np.uint8).tolist()
    grain = rng.integers(0, 256, (2, 3, 20, 30), np.uint8).tolist()

    def weights(i: int) -> tuple[int, int]:
        t = (i % cell + 0.5) / cell
        right = round(64 * t * t * (3 - 2 * t))
        return 64 - right, right

    for n, y, x in np.ndindex(canvas.shape):
        coarse = sum(
            weights(y)[i] * weights(x)[j] * grid[n][y // cell + i][x // cell + j]
            for i in (0, 1)
            for j in (0, 1)
        )
        value = ((coarse - (255 << 11)) * round(512 * NOISE.coarse) + (102 << 20)) >> 20
        value += (255 - value) * int(ink[n, y, x]) // 255
        value += (grain[0][n][y][x] + grain[1][n][y][x] - 255) * round(256 * NOISE.pixel) >> 8
        assert canvas[n, y, x] == min(max(value, 0), 255)


def test_noise_has_the_mean_deviation_and_correlation_that_its_settings_say():
    noise = Noise(level=0.5, coarse=0.2, cell=6, pixel=0.2)  # never clipped: .5 +- .2 +- .2
    canvas = paint(np.zeros((4000, 24, 24), np.uint8), noise, np.random.default_rng(0)) / 255
    assert canvas.mean() == pytest.approx(0.5, abs=0.005)

    # Grain: triangular on +-p, variance p^2 / 6. Coarse: uniform on +-c, variance c^2 / 3 at a grid's
    # point; between two points with weights 1 - s and s, times (1 - s)^2 + s^2, per axis.
    t = (np.arange(24) % 6 + 0.5) / 6
    s = t * t * (3 - 2 * t)
    spread = (1 - s) ** 2 + s**2
    coarse = 0.2**2 / 3 * np.outer(spread, spread)
    np.testing.assert_allclose(canvas.var(axis=0), coarse + 0.2**2 / 6, rtol=0.12)

    def covariance(a: tuple[int, int], b: tuple[int, int]) -> float:
        return float(np.cov(canvas[:, *a], canvas[:, *b])[0, 1])

    # Two neighbours in a cell share both points; a pixel two cells on shares none.
    neighbours = 0.2**2 / 3 * spread[8] * ((1 - s[8]) * (1 - s[9]) + s[8] * s[9])
    assert covariance((8, 8), (8, 9)) == pytest.approx(neighbours, rel=0.12)
    assert abs(covariance((8, 8), (8, 20))) < 0.1 * neighbours


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (
            lambda: Noise(0.4, 0.3, 0, 0.2),
            "data.noise: cell 0, coarse 0.3, pixel 0.2: expected a cell",
        ),
        (lambda: Noise(0.4, 0.3, 12, -0.1), "half ranges of 0 or more"),
        (lambda: Distortion((0, 1), 0.1), r"data.distortion.scale is \[0, 1\]: expected"),
        (lambda: Distortion((1.4, 0.7), 0.1), r"data.distortion.scale is \[1.4, 0.7\]: expected"),
        (lambda: Distortion((0.7, 1.4), -1), "data.distortion.rotation is -1: expected 0 or more"),
    ],
)
def test_impossible_noise_and_distortion_are_refused(make, said):
    with pytest.raises(BakeoffError, match=said):
        make()
