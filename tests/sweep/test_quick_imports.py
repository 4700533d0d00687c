"""Imports leave out what is not used, and nothing that is."""

import subprocess
import sys

SCRIPT = """
import gc, sys
from bakeoff.sweep.quick_imports import import_all
import_all(["torchmetrics", "bakeoff.metrics.classification", "no.such.module"])
print("torchmetrics" in sys.modules, "scipy.signal" in sys.modules, gc.isenabled())
print(gc.get_freeze_count() > 100_000)
import scipy
print(len(scipy.signal.get_window("hann", 5)), hasattr(scipy.signal, "hamming"))
"""


def test_torchmetrics_comes_without_scipy_signal_which_is_whole_for_others():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    assert done.stdout.splitlines() == ["True False True", "True", "5 False"], done.stderr
