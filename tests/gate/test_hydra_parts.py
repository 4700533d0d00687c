"""What Hydra's own settings would make."""

import pytest
from omegaconf import OmegaConf

from bakeoff.gate.allowed import Rule
from bakeoff.gate.hydra_parts import hydra_parts, varies
from bakeoff.sweep.plan import plan


@pytest.fixture
def refused(tmp_path):
    """What `hydra_parts` says of Hydra's own settings with those added that YAML has."""
    config = plan("config", ["hydra.mode=RUN"]).jobs[0].config
    OmegaConf.set_struct(config, False)
    config.hydra = OmegaConf.to_container(config.hydra, resolve=False)  # without its schema

    def look(settings: str):
        OmegaConf.update(config, "hydra", OmegaConf.create(settings))
        return hydra_parts(config, Rule((), tmp_path))

    return look


def test_hydras_own_settings_as_they_come_are_allowed(refused):
    parts, names, why = refused("{}")
    assert (names, why) == ({}, {})
    assert "_target_" not in parts["launcher"] and "_target_" not in parts["sweeper"]


@pytest.mark.parametrize(
    "settings",
    [
        "{job_logging: {handlers: {x: {class: os.system}}}}",
        "{job_logging: {handlers: {x: {'()': os.system, command: x}}}}",
        "{hydra_logging: {formatters: {x: {'()': os.system}}}}",
        "{hydra_logging: {filters: {x: {'()': [1]}}}}",
        "{job_logging: {handlers: {console: {stream: 'ext://antigravity.x'}}}}",
        "{job_logging: {x: '${hydra.job.name}', handlers: {console: {stream: '${..x}'}}}, "
        "job: {name: 'ext://os.system'}}",
        "{job_logging: {handlers: {x: {class: logging.handlers.HTTPHandler}}}}",
        "{job_logging: {handlers: {x: {class: '${hydra.runtime.output_dir}'}}}}",
        "{job_logging: {handlers: {x: {filename: '${no.such}'}}}}",
        "{job: {env_set: {PYTHONPATH: x}}}",
        "{job: {env_set: {BAKEOFF_ALLOW: os}}}",
        "{job: {env_set: {ld_preload: x}}}",
        "{sweeper: {custom_search_space: os.system}}",
    ],
)
def test_what_would_run_code_is_refused(refused, settings):
    assert refused(settings)[2]


def test_usual_logging_and_variables_are_allowed(refused):
    usual = (
        "{job_logging: {formatters: {x: {'()': colorlog.ColoredFormatter}}, "
        "handlers: {x: {class: logging.NullHandler}}}, job: {env_set: {OMP_NUM_THREADS: 1}}}"
    )
    assert refused(usual)[2] == {}


def test_a_plugin_may_have_its_samplers_and_nothing_else(refused):
    sweeper = "sweeper: {sampler: {_target_: optuna.samplers.TPESampler}}"
    parts, _, _ = refused(f"{{{sweeper}, callbacks: {{a: {{_target_: b.C}}}}}}")
    assert parts["sweeper"]["sampler"] == {}
    assert parts["callbacks"] == {"a": {"_target_": "b.C"}}
    parts, _, _ = refused("{sweeper: {sampler: {_target_: optuna.storages.RDBStorage}}}")
    assert parts["sweeper"]["sampler"] == {"_target_": "optuna.storages.RDBStorage"}
    parts, _, _ = refused("{launcher: {_target_: os.system}}")
    assert parts["launcher"]["_target_"] == "os.system"


def test_the_config_is_as_it_was(refused):
    config = plan("config", ["hydra.mode=RUN"]).jobs[0].config
    before = OmegaConf.to_container(config.hydra.runtime), OmegaConf.to_container(config.hydra.job)
    hydra_parts(config, Rule())
    now = OmegaConf.to_container(config.hydra.runtime), OmegaConf.to_container(config.hydra.job)
    assert now == before


@pytest.mark.parametrize(
    ("settings", "differs"),
    [
        ("{}", False),
        ("{callbacks: {x: {_target_: '${oc.env:X}', y: '${hydra.job.name}'}}}", False),
        ("{callbacks: {x: {_target_: '${seed}'}}}", True),
        ("{job: {name: '${seed}'}}", True),
        ("{launcher: {x: '${hydra.help.header}'}}", True),
        ("{callbacks: {x: '${oc.env:${seed}}'}}", True),
    ],
)
def test_what_refers_to_the_settings_of_a_job_varies(settings, differs):
    config = plan("config", ["hydra.mode=RUN"]).jobs[0].config
    hydra = OmegaConf.create(OmegaConf.to_container(config.hydra, resolve=False))
    OmegaConf.update(hydra, "job", {"name": "x"})
    assert varies(OmegaConf.merge(hydra, OmegaConf.create(settings))) == differs
