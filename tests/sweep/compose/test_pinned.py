"""`latest` is the folder that it names when the command starts."""

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import OmegaConf

from bakeoff.store import paths
from bakeoff.sweep.compose.pinned import is_open, pinned, pinned_override, pins


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("embedding/latest", "embedding/2026-01-01"),
        ("outputs/embedding/latest", "embedding/2026-01-01"),
        ("latest", "generation/2026-01-02"),
        ("null,embedding/latest", "null,embedding/2026-01-01"),
        ("embedding/latest,generation/latest", "embedding/2026-01-01,generation/2026-01-02"),
        ("other/latest", "other/latest"),  # not there: the check before the training says so
        ("embedding/latest-of-all", "embedding/latest-of-all"),
        ("embedding/2026-01-01", "embedding/2026-01-01"),
    ],
)
def test_latest_is_the_sweep_that_it_is_now(sweeps, given, expected):
    assert pinned(given) == expected


def test_only_overrides_of_the_declared_keys_are_touched(sweeps):
    parse = OverridesParser.create().parse_override
    for key, line in (("model.start", "++model.start"), ("model.start", "model.start")):
        override = parse(f"{line}=embedding/latest")
        assert pinned_override(override, [key]) == f"{line}=embedding/2026-01-01"
    for line in ("data.folder=embedding/latest", "~model.start"):
        assert pinned_override(parse(line), ["model.start"]) == line


def test_what_the_config_says_itself_is_pinned_and_said_as_overrides(sweeps):
    config = OmegaConf.create(
        {
            "model": {"start": "embedding/latest", "other": "embedding/latest", "none": None},
            "task": {"starts_from": ["model.start", "model.none", "model.missing"]},
        }
    )
    assert pins(config) == {"model.start": "embedding/2026-01-01"}
    config.model.start = "embedding/2026-01-01"
    assert pins(config) == {}


def test_what_may_be_another_run_later_is_open():
    assert is_open("embedding/latest") and is_open("${other}/2026")
    assert not any(map(is_open, ["embedding/2026-01-01", "latest-of-all", None, 3]))


def test_what_is_pinned_stays_when_latest_moves(sweeps):
    found = pinned("embedding/latest")
    (sweeps.parent / "outputs" / "embedding" / "2026-03-03").mkdir()
    paths.point_latest(sweeps.parent / "outputs" / "embedding" / "2026-03-03")
    assert paths.sweep_dir(found).name == "2026-01-01"
