"""The plain Hydra application: what Hydra makes itself is looked at before it does."""

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.sweep.unplanned import refuse_parts_of_hydra

EVIL = """
defaults: [config, _self_]
n: {n0: b.C, n1: os.system}
hydra: {callbacks: {x: {_target_: "${oc.select:n.n${seed}}"}}}
"""
CALLBACK = "+hydra.callbacks.x._target_=os.system"


@pytest.mark.parametrize(
    "more",
    [
        [],
        ["-m"],
        ["seed=1,2", "-m"],
        ["--help"],
        ["--config-dir=experiments", "--config-name=tiny"],
    ],
    ids=str,
)
def test_a_callback_of_hydras_is_refused_in_every_mode(workplace, monkeypatch, more):
    monkeypatch.chdir(workplace.folder)
    with pytest.raises(BakeoffError, match=r"hydra.callbacks.x: 'os.system'"):
        refuse_parts_of_hydra([CALLBACK, *more])


def test_a_name_may_not_depend_on_what_is_overridden(tmp_path):
    (tmp_path / "evil.yaml").write_text(EVIL)
    options = [f"--config-dir={tmp_path}", "--config-name=evil"]
    refuse_parts_of_hydra([*options, "seed=0"])
    with pytest.raises(BakeoffError, match=r"os.system"):
        refuse_parts_of_hydra([*options, "seed=1"])


def test_what_only_shows_a_config_is_let_through():
    refuse_parts_of_hydra([CALLBACK, "--cfg", "job"])
    with pytest.raises(BakeoffError, match=r"hydra.callbacks.x: 'os.system'"):
        refuse_parts_of_hydra([CALLBACK])
