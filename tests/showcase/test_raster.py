"""A figure becomes an image of its size and colours."""

from matplotlib.figure import Figure

from bakeoff.showcase.raster import rasterized


def test_a_figure_becomes_an_image_of_its_size_and_colour():
    image = rasterized(Figure(figsize=(3, 2), dpi=50, facecolor="#176b8c"))
    assert (image.mode, image.size) == ("RGB", (150, 100))
    assert image.getcolors() == [(150 * 100, (0x17, 0x6B, 0x8C))]
