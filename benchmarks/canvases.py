"""Time to generate and to reload the canvases of a localization data set.

    python benchmarks/canvases.py [--count 70000]

Digits are scikit-learn's, so that it runs without a download; MNIST's 28x28 sources take the same time:
the work is per canvas pixel.
"""

import argparse
import tempfile
import time

from bakeoff.images.digits import EmbeddedDigits
from bakeoff.tasks.boxes.canvas import Distortion, Noise
from bakeoff.tasks.localization.data import LocalizationData


def main(count: int) -> None:
    """Print both times and their ratio."""
    with tempfile.TemporaryDirectory() as root:
        data = LocalizationData(
            root=root,
            source=EmbeddedDigits(),
            sizes={"train": count - 2, "val": 1, "test": 1},
            height=48,
            width=60,
            empty=0.1,
            distortion=Distortion((0.7, 1.4), 0.6),
            noise=Noise(0.4, 0.22, 12, 0.4),
            seed=0,
            batch_size=64,
        )
        start = time.perf_counter()
        data.prepare_data()
        generated = time.perf_counter() - start
        start = time.perf_counter()
        data.setup("fit")
        loaded = time.perf_counter() - start
    print(f"generate {count:,} canvases  {generated:7.2f} s")
    print(f"load them from the cache   {loaded:7.2f} s")
    print(f"ratio                      {generated / loaded:7.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=70_000)
    main(parser.parse_args().count)
