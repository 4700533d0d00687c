"""Sections that name a class which nothing would make."""

import pytest
from omegaconf import OmegaConf

from bakeoff.sweep.unread import unread_mistakes

LOGGER = {"_target_": "pytorch_lightning.loggers.CSVLogger", "save_dir": "logs"}


def mistakes(**sections):
    config = OmegaConf.create({"trainer": {"max_epochs": 1}, "seed": 0} | sections)
    return list(unread_mistakes(config, OmegaConf.to_container(config, resolve=True)))


@pytest.mark.parametrize("section", [LOGGER, {"csv": LOGGER}, [LOGGER], "csv"])
def test_a_logger_at_the_top_of_a_config_would_log_nothing(section):
    (line,) = mistakes(logger=section)
    assert line.startswith(
        "logger: nothing is made of this section: loggers stand in trainer.logger"
    )


@pytest.mark.parametrize("reference", ["${mine}", "${mine.csv}", ["${oc.select:mine}"]])
def test_what_a_section_of_bakeoffs_own_refers_to_is_made(reference):
    assert mistakes(mine={"csv": LOGGER}, trainer={"logger": reference}) == []


def test_sections_that_bakeoff_reads_and_plain_values_are_left_alone():
    assert mistakes(trainer={"logger": LOGGER}, callbacks={"a": LOGGER}, width=3, tags=["x"]) == []
