"""What a config takes from the environment is in no file of a run or sweep; a written secret is refused."""

import pytest
from omegaconf import OmegaConf
from pytorch_lightning.loggers import CSVLogger
from tests.run import in_memory
from torch import nn

from bakeoff.cli import main
from bakeoff.run.hooks.continuation import AtomicCheckpoints
from bakeoff.run.hooks.hyperparameters import settings
from bakeoff.run.parts.event_log import EventLog
from bakeoff.run.parts.trainer import build_loggers
from bakeoff.store import masking

PLANTED = "planted-7d1f0c"


def found_in(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [path for path in files if PLANTED.encode() in path.read_bytes()]


@pytest.fixture(autouse=True)
def nothing_is_taken_yet(monkeypatch):
    monkeypatch.setattr(masking, "_taken", {})


def test_no_file_of_a_run_holds_a_secret(tmp_path, monkeypatch):
    monkeypatch.setenv("PLANTED_TOKEN", PLANTED)
    more = "task.api_key=${oc.env:PLANTED_TOKEN}", "task.other=${task.api_key}"
    assert in_memory.run(tmp_path / "run", *more).status == "completed"
    assert found_in(tmp_path) == []


def test_the_table_of_settings_shows_a_reference_as_typed(monkeypatch):
    monkeypatch.setenv("PLANTED_TOKEN", PLANTED)
    given = "model.token=${oc.env:PLANTED_TOKEN}"
    config = OmegaConf.from_dotlist([given, "seed=1"])
    assert settings(config, [given], {})["model.token"] == "${oc.env:PLANTED_TOKEN}"


def test_what_a_module_saves_of_its_arguments_is_not_logged(tmp_path):
    log = EventLog(tmp_path, "curves")
    log.log_hyperparams({"token": PLANTED})
    log.log_metrics({"a": 1.0}, 0)
    log.save()
    log.finalize("success")
    assert found_in(tmp_path) == []


class Fails(nn.Module):
    """A net that tells its token where it fails."""

    def __init__(self, input_shape, output_shape, token, **_):
        super().__init__()
        self.layer, self.token = nn.Linear(2, 2), token

    def forward(self, x):
        if self.training:
            raise RuntimeError(f"server refuses {self.token!r}")
        return self.layer(x)


def test_the_error_of_a_net_does_not_tell_its_token(tmp_path, monkeypatch):
    monkeypatch.setenv("PLANTED_TOKEN", PLANTED)
    net = f"model={{_target_: {__name__}.Fails, token: '${{oc.env:PLANTED_TOKEN}}'}}"
    record = in_memory.run(tmp_path / "run", net)
    assert record.status == "failed" and "server refuses '${oc.env:PLANTED_TOKEN}'" in record.error
    assert "server refuses '${oc.env:PLANTED_TOKEN}'" in record.traceback
    record.error = f"from another process: {PLANTED}"
    record.write(tmp_path / "run")
    assert found_in(tmp_path) == []


def test_what_a_module_saves_of_its_arguments_is_masked_in_checkpoints_and_loggers(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("PLANTED_TOKEN", PLANTED)
    logger = f"{{_target_: {CSVLogger.__module__}.CSVLogger}}"
    config = OmegaConf.create(
        f"{{token: '${{oc.env:PLANTED_TOKEN}}', trainer: {{logger: {logger}}}}}"
    )
    given = {"token": config.token, "width": 3}
    [logger] = build_loggers(config, tmp_path)
    logger.log_hyperparams(given)
    logger.save()
    AtomicCheckpoints().save_checkpoint({"hyper_parameters": given}, tmp_path / "x.ckpt")
    assert found_in(tmp_path) == []
    assert given["token"] == PLANTED


@pytest.mark.parametrize(
    "written", [f"+model.token={PLANTED}", f"+model.deep={{api_key: {PLANTED}}}", "+password=1234"]
)
@pytest.mark.parametrize("command", [["run", "tiny"], ["run", "tiny", "--dry-run"], ["train"]])
def test_a_written_secret_is_refused_before_anything_is_written(
    workplace, monkeypatch, capsys, command, written
):
    monkeypatch.chdir(workplace.folder)
    with pytest.raises(SystemExit):
        main([*command, written])
    said = capsys.readouterr().err
    assert "a secret is never written in a config" in said and "${oc.env:NAME}" in said
    assert PLANTED not in said
    assert [path.name for path in workplace.folder.iterdir()] == ["experiments"]


LEAKY = """
import logging

from torch import nn


class Net(nn.Module):
    def __init__(self, input_shape, output_shape, token, fails):
        super().__init__()
        self.token, self.fails, self.calls = token, fails, 0
        self.layers = nn.Sequential(nn.Flatten(), nn.LazyLinear(output_shape[0]))
        self.layers(__import__("torch").zeros(2, *input_shape))
        print("printed", token)
        logging.getLogger(__name__).warning("logged %s", token)

    def forward(self, x):
        self.calls += self.training
        if self.fails and self.calls > 4:
            raise RuntimeError(f"server refuses {self.token!r}")
        return self.layers(x)
"""
EXPERIMENT = """
defaults: [config, override task: localization, override model: null, _self_]
experiment: leaky
data_dir: data
data: {sizes: {train: 96, val: 40, test: 40}, batch_size: 16}
model: {_target_: leaky.Net, token: "${oc.env:PLANTED_TOKEN}", fails: false}
trainer: {max_epochs: 2}
baselines: null
hydra: {mode: MULTIRUN, sweeper: {params: {model.fails: "true,false"}}}
"""


@pytest.mark.slow
def test_no_file_of_a_sweep_holds_a_secret_of_its_environment(workplace, monkeypatch):
    monkeypatch.setenv("PLANTED_TOKEN", PLANTED)
    (workplace.folder / "leaky.py").write_text(LEAKY)
    (workplace.folder / "experiments" / "leaky.yaml").write_text(EXPERIMENT)
    done = workplace.run("run", "leaky", "model.fails=true,false")
    [sweep] = (workplace.folder / "outputs" / "leaky").glob("2*")
    said = "".join(path.read_text() for path in sweep.glob("*/run.json"))
    assert "server refuses '${oc.env:PLANTED_TOKEN}'" in said, done.stderr
    logs = "".join(path.read_text() for path in sweep.glob("*/output.log"))
    assert "printed ${oc.env:PLANTED_TOKEN}" in logs and "logged ${oc.env:PLANTED_TOKEN}" in logs
    assert (sweep / "report.html").is_file()
    assert found_in(workplace.folder) == []
