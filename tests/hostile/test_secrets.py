"""What a config takes from the environment is in no file of a run."""

from omegaconf import OmegaConf
from tests.run import in_memory

from bakeoff.run.event_log import EventLog
from bakeoff.run.hyperparameters import settings

PLANTED = "planted-7d1f0c"


def found_in(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [path for path in files if PLANTED.encode() in path.read_bytes()]


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
