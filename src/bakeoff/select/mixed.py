"""Runs of a sweep that were not trained by the same packages and code."""

import json
from collections.abc import Hashable, Iterable, Sequence

from bakeoff.store.record import RunRecord


def mixed(runs: Sequence[RunRecord]) -> list[str]:
    """What to know before comparing completed runs of different packages, runs between which a module of
    the user's own changed, or those of a candidate between which any of its code did.

    The code of different candidates differs by intent; a module that they share does not.
    """
    done, said = [run for run in runs if run.status == "completed"], []
    packages = {
        json.dumps(run.environment["packages"], sort_keys=True)
        for run in done
        if run.environment.get("packages")
    }
    if len(packages) > 1:
        said.append(
            f"The runs were trained with {len(packages)} different sets of packages: a difference between "
            "candidates may come from that."
        )
    if modules := several(found for run in done for found in run.modules.items()):
        said.append(
            f"{', '.join(modules)} changed between the runs: a difference between candidates may come from "
            "that."
        )
    codes = ((run.candidate, run.code) for run in done if run.code)
    if candidates := several(codes):
        said.append(
            f"The code changed between the runs of {', '.join(candidates)}: they are not replicates of one "
            "another."
        )
    return said


def several(pairs: Iterable[tuple[str, Hashable]]) -> list[str]:
    """The first of the pairs' parts that stand beside more than one second part."""
    found: dict[str, set[Hashable]] = {}
    for name, value in pairs:
        found.setdefault(name, set()).add(value)
    return [name for name, values in found.items() if len(values) > 1]
