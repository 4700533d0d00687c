"""How fast the command line answers where nothing trains.

python benchmarks/answers.py [--repeat 5]
"""

import argparse
import statistics
import subprocess
import sys
import time

COMMANDS = (
    ("--help",),
    ("run", "localization", "--dry-run"),
    ("run", "localization", "optimizer.lrr=1"),
    ("run", "localization", "model=lenet5/dep"),
    ("run", "localization", "optimizer.lr=fast"),
)


def seconds(arguments: tuple[str, ...]) -> float:
    """Wall time of one command, from start to exit."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "bakeoff", *arguments], capture_output=True, check=False)
    return time.perf_counter() - start


def main(repeat: int) -> None:
    """Print the median time of each command, and that of importing torch for comparison."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import torch, pytorch_lightning"], check=True)
    heavy = time.perf_counter() - start
    for arguments in COMMANDS:
        median = statistics.median(seconds(arguments) for _ in range(repeat))
        print(f"{median:6.2f} s  {median / heavy:5.2f}x  bakeoff {' '.join(arguments)}")
    print(f"{heavy:6.2f} s   1.00x  import torch and Lightning")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=5)
    main(parser.parse_args().repeat)
