"""A matplotlib figure as an image, without pyplot and its global state."""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image


def rasterized(figure: Figure) -> Image.Image:
    """Draw `figure` in RGB, `figsize` x `dpi` pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3].copy())
