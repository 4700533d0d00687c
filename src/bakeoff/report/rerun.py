"""The commands that repeat a sweep, its parts and its selected run."""

import shlex
from collections.abc import Callable
from typing import Any

from bakeoff.errors import BakeoffError
from bakeoff.report.evidence import Evidence
from bakeoff.store.record import RunRecord
from bakeoff.sweep.commands import extension_commands, rebuild_command, sweep_command


def commands(evidence: Evidence, run: RunRecord | None) -> list[tuple[str, str]]:
    """Give the commands that repeat the sweep, its parts and the selected run."""
    folder = evidence.folder.resolve()
    inside = folder.parent.name == evidence.board["experiment"]
    sweep = shlex.quote(f"outputs/{folder.parent.name}/{folder.name}" if inside else folder.name)
    experiment = evidence.board["experiment"]
    found = [
        ("The whole bake-off", _or_why(sweep_command, evidence.folder, experiment)),
        ("This leaderboard and report, from the run records", f"bakeoff report {sweep}"),
    ]
    if added := _or_why(extension_commands, evidence.folder):
        found.insert(1, ("What was added to it", added))
    if evidence.selected and evidence.board["sealed_test"] is None:
        found.append(("The sealed test", f"bakeoff test {sweep}"))
    if run:
        command = _or_why(rebuild_command, evidence.folder / run.id, run)
        found.append(("The selected run alone", command))
    return found


def _or_why(command: Callable[..., str], *of: Any) -> str:
    """A command, or a comment that says why there is none."""
    try:
        return command(*of)
    except BakeoffError as error:
        return f"# {error}"
