"""Runs of a sweep that were not trained by the same packages and code."""

from collections.abc import Hashable, Iterable, Iterator, Sequence

from bakeoff.identity.code_digest import distribution
from bakeoff.store.record import RunRecord


def mixed(runs: Sequence[RunRecord]) -> list[str]:
    """What to know before comparing completed runs of different packages, runs between which a module of
    the user's own changed, or those of a candidate between which any of its code did.

    The code of different candidates differs by intent; a module or a package that they share does not.
    """
    done, said = [run for run in runs if run.status == "completed"], []
    if packages := several(found for run in done for found in versions(run)):
        said.append(
            f"The runs were trained with different versions of {', '.join(packages)}: a difference between "
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


def versions(run: RunRecord) -> Iterator[tuple[str, str]]:
    """The packages of a run, by the names that they are installed by: those of every record, and those that
    its code imports.
    """
    known = run.environment.get("packages") or {}
    yield from known.items()
    yield from (
        (name, version)
        for package, version in run.packages.items()
        if (name := distribution(package)) not in known
    )


def several(pairs: Iterable[tuple[str, Hashable]]) -> list[str]:
    """The first of the pairs' parts that stand beside more than one second part."""
    found: dict[str, set[Hashable]] = {}
    for name, value in pairs:
        found.setdefault(name, set()).add(value)
    return [name for name, values in found.items() if len(values) > 1]
