"""The house: imports go one way, the core knows no task, every file has its test."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "bakeoff"
TESTS = Path(__file__).parent

# From the ground up: a room imports from rooms before it, never from rooms after it.
ROOMS = (
    "errors",
    "standard_streams",
    "store",
    "data",
    "metrics",
    "nets",
    "images",
    "text",
    "gate",
    "identity",
    "run.parts",
    "run.hooks",
    "run",
    "fused",
    "showcase",
    "tasks",
    "sweep.compose",
    "sweep",
    "sweep.launch",
    "select",
    "report",
    "findings",
    "train",
    "bake_off",
    "use",
    "verbs",
    "cli",
)
CORE = (
    "store",
    "gate",
    "identity",
    "run",
    "fused",
    "showcase",
    "sweep",
    "select",
    "report",
    "findings",
    "train",
    "bake_off",
    "verbs",
    "cli",
)
# At the top of their room because configs name them; they import nothing from beside them.
NAMED_BY_CONFIGS = {"bakeoff.run.regularization", "bakeoff.run.schedules"}
NEED_EXTRAS = {
    f"bakeoff.sweep.launch.{name}"
    for name in ("on_ray", "on_submitit", "submitit_clusters", "submitit_work")
}
LIBRARIES_OF_TASKS = ("bakeoff.tasks", "bakeoff.text", "bakeoff.images")
SHARED_BY_SIBLINGS = ("boxes", "words")

# Source files without a test file of their own, and why.
TESTED_ELSEWHERE = {
    "data.data_sets": "tests/verbs/test_data.py runs its commands",
    "data.download.source": "tests/data/download/test_fetch.py asks real servers",
    "data.split_names": "three words",
    "select.drawn": "tests/select/test_showcase.py draws",
    "fused.epoch": "tests/fused/test_together.py compares what it trains with runs alone",
    "fused.epochs": "tests/fused/test_together.py compares the checkpoints with those of runs alone",
    "fused.member": "tests/fused/test_together.py compares members with runs alone",
    "fused.optimizers": "tests/fused/test_together.py compares every optimizer with runs alone",
    "fused.train_alone": "an exception; tests/sweep/launch/test_group_job.py raises it",
    "fused.step": "tests/fused/test_together.py compares what it computes with runs alone",
    "images.finding": "a record of four fields",
    "nets.scratch.activations": "tests/nets/scratch/test_layers.py checks every layer",
    "nets.scratch.batch_last": "tests/nets/scratch/test_layers.py checks every layer",
    "nets.scratch.convolution": "tests/nets/scratch/test_layers.py checks every layer",
    "nets.scratch.dropout": "tests/nets/scratch/test_layers.py checks every layer",
    "nets.scratch.flatten": "tests/nets/scratch/test_layers.py checks every layer",
    "nets.scratch.layer": "tests/nets/scratch/test_layers.py checks every layer",
    "nets.scratch.linear": "tests/nets/scratch/test_layers.py checks every layer",
    "nets.scratch.pooling": "tests/nets/scratch/test_layers.py checks every layer",
    "showcase.palette": "names of colours",
    "report.comparison_table": "tests/report/test_comparison.py reads what it prints",
    "select.evaluation": "tests/select/test_sealed_test.py evaluates runs on test data",
    "select.opening": "tests/select/test_sealed_test.py opens the test set",
    "verbs.compare": "tests/report/test_comparison.py reads and prints",
    "verbs.repeat": "tests/use/test_repeat.py compares; the command prints",
    "verbs.predict": "tests/use/test_predict.py runs the command",
    "verbs.asking": "tests/verbs/test_list.py asks",
    "verbs.clean": "tests/verbs/test_list.py runs the command",
    "verbs.remove": "tests/verbs/test_list.py runs the command",
    "verbs.report": "tests/test_findings.py runs the command",
    "verbs.show": "tests/verbs/test_list.py runs the command",
    "verbs.test": "tests/test_findings.py runs the command",
}


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        if parts[-1] not in ("__init__", "__main__"):
            found[".".join(parts)] = path
    return found


def imported(path: Path) -> set[str]:
    """The modules of bakeoff that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return {name for name in found if name in MODULES}


MODULES = modules()


def room(module: str) -> str:
    return module.split(".")[1]


def place(module: str) -> int:
    """Where the room of a module, or the part of a room that it lies in, stands among all."""
    inner = ".".join(module.split(".")[1:3])
    return ROOMS.index(inner if inner in ROOMS else room(module))


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_one_way(module: str) -> None:
    later = {
        name
        for name in imported(MODULES[module])
        if place(name) > place(module) and name not in NAMED_BY_CONFIGS
    }
    assert not later


def test_tasks_do_not_know_each_other() -> None:
    strangers = {
        (module, name)
        for module in MODULES
        if room(module) == "tasks"
        for name in imported(MODULES[module])
        if room(name) == "tasks"
        and name.split(".")[2] not in (module.split(".")[2], *SHARED_BY_SIBLINGS)
    }
    assert not strangers


def test_only_tasks_know_tasks() -> None:
    outside = {
        (module, name)
        for module in MODULES
        if room(module) != "tasks"
        for name in imported(MODULES[module])
        if room(name) == "tasks"
    }
    assert not outside


def test_the_core_imports_no_task_text_or_image_module() -> None:
    core = [module for module in set(MODULES) - NEED_EXTRAS if room(module) in CORE]
    script = (
        "import importlib, sys\n"
        f"for name in {core}: importlib.import_module(name)\n"
        f"print([name for name in sys.modules if name.startswith({LIBRARIES_OF_TASKS})])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_every_file_has_its_test_or_a_reason() -> None:
    missing = {
        module
        for module, path in MODULES.items()
        if not mirrored(path).is_file() and module.removeprefix("bakeoff.") not in TESTED_ELSEWHERE
    }
    assert not missing


def test_no_reason_is_given_for_a_file_that_has_its_test() -> None:
    stale = {
        name
        for name in TESTED_ELSEWHERE
        if f"bakeoff.{name}" not in MODULES or mirrored(MODULES[f"bakeoff.{name}"]).is_file()
    }
    assert not stale


def mirrored(path: Path) -> Path:
    inside = path.relative_to(SOURCE)
    return TESTS / inside.parent / f"test_{inside.name}"
