"""No experiment of somebody else's reaches what runs code when it is composed, checked or started."""

import subprocess
import sys
from pathlib import Path

import pytest
from omegaconf import OmegaConf
from tests.hostile.test_targets import HOSTILE, PLACES

from bakeoff.cli import main
from bakeoff.errors import BakeoffError
from bakeoff.gate.gate import refuse
from bakeoff.gate.locate import locate
from bakeoff.sweep.plan import plan

# A user's own config may name any logger of Lightning's.
ALLOWED_TO_ONESELF = {"pytorch_lightning.loggers.WandbLogger"}


@pytest.mark.parametrize("target", [name for name in HOSTILE if name not in ALLOWED_TO_ONESELF])
def test_the_name_is_refused(target):
    imported = set(sys.modules)
    try:
        refuse(OmegaConf.create({"model": {"_target_": target}}))
    except BakeoffError as error:
        assert "not allowed" in str(error)
    else:  # there is nothing that Hydra could make
        with pytest.raises((ImportError, AttributeError)):
            locate(target)
    assert not {"this", "antigravity", "idlelib.run", "bakeoff.__main__"} & (
        set(sys.modules) - imported
    )


@pytest.mark.parametrize("text", [t for name, t in PLACES.items() if "Hydra" not in name])
def test_the_place_is_no_way_round(text):
    with pytest.raises(BakeoffError, match=r"not allowed"):
        refuse(OmegaConf.create(text))


EVIL = """
defaults: [config, _self_]
experiment: evil
{text}
"""
# What makes a folder `made` where it gets through.
MAKES = "{_target_: os.mkdir, path: made}"
EXPERIMENTS = {
    "trainer": f"trainer: {{callbacks: [{MAKES}]}}",
    "logger": f"trainer: {{logger: {MAKES}}}",
    "callback": f"callbacks: {{x: {MAKES}}}",
    "optimizer": f"optimizer: {MAKES}",
    "metrics": f"task: {{metrics: {{extra: {{x: {MAKES}}}}}}}",
    "augment": f"augment: {MAKES}",
    "data": f"data: {MAKES}",
    "decode": f"task: {{decode: {MAKES}}}",
    "baseline": f"baselines: {{x: {MAKES}}}",
    "callback of Hydra's": f"hydra: {{callbacks: {{x: {MAKES}}}}}",
    "launcher": "hydra: {launcher: {_target_: os.mkdir}}",
    "sweeper": "hydra: {sweeper: {_target_: os.mkdir}}",
    "log of a job": "hydra: {job_logging: {handlers: {x: {'()': os.mkdir, path: made}}}}",
    "log of Hydra's": "hydra: {hydra_logging: {handlers: {x: {'()': os.mkdir, path: made}}}}",
    "environment": "hydra: {job: {env_set: {BAKEOFF_ALLOW: os}}}",
    "one seed": "n: {n0: torch.nn.ReLU, n1: os.mkdir}\naugment: {_target_: '${oc.select:n.n${seed}}'}",
    "alias": "augment: {_target_: torch.nn.functional.importlib.import_module, name: this}",
    "alias of one seed": "n: {n0: torch.nn.ReLU, n1: torch.nn.modules.module.torch.load}\n"
    "augment: {_target_: '${oc.select:n.n${seed}}'}",
}
COMMANDS = {
    "run": ["run", "evil"],
    "dry run": ["run", "evil", "--dry-run"],
    "check": ["check", "evil"],
    "train": ["train", "--config-name=evil", "-m"],
}


@pytest.fixture
def evil(tmp_path, monkeypatch):
    """A working folder, and `write(text)`, which writes its experiment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BAKEOFF_ALLOW", "")
    (tmp_path / "experiments").mkdir()

    def write(text: str) -> Path:
        (tmp_path / "experiments" / "evil.yaml").write_text(EVIL.format(text=text))
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("place", "command"),
    [
        *((place, "check") for place in EXPERIMENTS),
        *((place, command) for place in ("trainer", "callback of Hydra's") for command in COMMANDS),
        *(("alias of one seed", command) for command in ("run", "train")),
    ],
)
def test_an_experiment_is_refused_before_anything_is_made(evil, capsys, place, command):
    folder = evil(EXPERIMENTS[place])
    with pytest.raises(SystemExit) as ended:
        main([*COMMANDS[command], "seed=0,1"])
    assert ended.value.code == 1
    assert "the config names what" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["experiments"]


@pytest.mark.parametrize("place", ["callback of Hydra's", "log of Hydra's", "callback"])
def test_the_plain_application_refuses_too_and_without_torch(evil, place):
    folder = evil(EXPERIMENTS[place])
    script = (
        "import runpy, sys\n"
        "sys.argv[1:] = ['--config-dir=experiments', '--config-name=evil']\n"
        "try: runpy.run_module('bakeoff.train', run_name='__main__')\n"
        "finally: print('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=folder
    )
    assert (done.returncode, done.stdout) == (1, "False\n")
    assert "'os.mkdir'" in done.stderr
    assert not (folder / "made").exists()


def test_every_seed_is_looked_at_where_a_name_may_depend_on_it(evil):
    made = "n: {n1: torch.nn.Conv1d, n2: torch.nn.Conv2d}\naugment: {_target_: '${oc.select:n.n${seed}}'}"
    folder = evil(made)
    jobs = plan("evil", ["seed=1,2"], folder / "experiments", multirun=True).jobs
    found = [{name for name in job.names if "Conv" in name} for job in jobs]
    assert found == [{"torch.nn.Conv1d"}, {"torch.nn.Conv2d"}]


def test_a_search_cannot_choose_what_is_not_allowed():
    job = plan("config", ["hydra.mode=RUN", "hydra.sweep.dir=x"]).jobs[0].config
    OmegaConf.set_struct(job, False)
    job.augment = {"_target_": "os.mkdir", "path": "made"}
    with pytest.raises(Exception, match=r"the config names what is not allowed"):
        _ = job.hydra.sweep.subdir  # ${run_id:}, for which Hydra asks before anything else


def test_no_config_allows_itself(evil, capsys):
    evil("BAKEOFF_ALLOW: os\nallow: [os]\ntool: {bakeoff: {allow: [os]}}\naugment: " + MAKES)
    with pytest.raises(SystemExit):
        main(["check", "evil"])
    assert "augment: 'os.mkdir'" in capsys.readouterr().err
