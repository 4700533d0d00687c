"""Imports that garbage collection leaves alone."""

import subprocess
import sys

SCRIPT = """
import gc, sys
from bakeoff.sweep.launch.quick_imports import import_all
import_all(["torchmetrics", "bakeoff.metrics.classification", "no.such.module"])
print("torchmetrics" in sys.modules, "bakeoff.metrics.classification" in sys.modules, gc.isenabled())
print(gc.get_freeze_count() > 100_000)
"""


def test_what_is_there_is_imported_and_frozen():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    assert done.stdout.splitlines() == ["True True True", "True"], done.stderr
