"""Which overrides may extend a sweep, by themselves; tests/sweep/test_extension.py extends by them."""

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from bakeoff.sweep.extension_overrides import hydra_settings, refusals


def refused(*lines: str) -> list[str]:
    return refusals(OverridesParser.create().parse_overrides(list(lines)))


@pytest.mark.parametrize(
    ("before", "given", "expected"),
    [
        ([], ["seed=1"], []),
        (["hydra.launcher.n_jobs=1", "model=a"], ["seed=1"], ["hydra.launcher.n_jobs=1"]),
        (["hydra.launcher.n_jobs=1"], ["hydra.launcher.n_jobs=2"], ["hydra.launcher.n_jobs=2"]),
        (["hydra.searchpath=[a]"], ["hydra.searchpath=[b]"], ["hydra.searchpath=[a,b]"]),
        ([], ["hydra.searchpath=[b]"], ["hydra.searchpath=[b]"]),
    ],
)
def test_a_setting_that_is_given_takes_the_place_of_the_sweeps(before, given, expected):
    assert hydra_settings(before, given) == expected


@pytest.mark.parametrize("line", ["model=a", "seed=range(5)", "+data.fold=1"])
def test_what_makes_new_runs_is_accepted(line):
    assert refused(line, "hydra.launcher.n_jobs=1") == []


def test_what_was_decided_at_the_beginning_is_refused_line_by_line():
    said = refused("hydra.sweep.dir=x", "experiment=y", "selection.finalists=2", "model=a")
    assert [line.split(":")[0] for line in said] == [
        "hydra.sweep.dir=x", "experiment=y", "selection.finalists=2",
    ]  # fmt: skip


def test_settings_of_hydra_alone_add_nothing():
    [line] = refused("hydra.launcher.n_jobs=1")
    assert line.startswith("nothing to add: expected overrides")
