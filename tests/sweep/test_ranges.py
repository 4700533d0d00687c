"""Numbers out of their range, found without torch."""

import pytest
from omegaconf import OmegaConf

from bakeoff.sweep.plan import plan
from bakeoff.sweep.ranges import RANGES, Range, range_mistakes


def mistakes(**settings) -> list[str]:
    return list(range_mistakes(OmegaConf.create(settings)))


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("seed=null", "seed=null: expected a whole number"),
        ("seed=-1", "seed=-1: expected 0 to 4294967295"),
        ("seed=99999999999", "seed=99999999999: expected 0 to 4294967295"),
        ("patience=-1", "patience=-1: expected 0 or more"),
        ("threads=0", "threads=0: expected 1 or more"),
        ("trainer.log_every_n_steps=0", "trainer.log_every_n_steps=0: expected 1 or more"),
        ("trainer.gradient_clip_val=-1", "trainer.gradient_clip_val=-1: expected 0 or more"),
        ("+trainer.accumulate_grad_batches=0", "trainer.accumulate_grad_batches=0: expected 1 or"),
        ("+trainer.val_check_interval=0", "trainer.val_check_interval=0: expected more than 0"),
        ("+trainer.val_check_interval=0.0", "trainer.val_check_interval=0.0: expected more than 0"),
        ("+trainer.check_val_every_n_epoch=0", "trainer.check_val_every_n_epoch=0: expected 1 or"),
        ("+trainer.num_sanity_val_steps=-2", "trainer.num_sanity_val_steps=-2: expected -1 or more"),
        ("+trainer.max_steps=0", "trainer.max_steps=0: expected 1 or more, or -1 for no limit"),
        ("+trainer.min_epochs=6", "trainer.min_epochs=6: expected at most trainer.max_epochs=5"),
        ("'+trainer.max_time=\"00:00:00:00\"'", "trainer.max_time=00:00:00:00: expected more than"),
        ("task.showcase.samples=0", "task.showcase.samples=0: expected 1 or more"),
        ("+scheduler.frequency=0", "scheduler.frequency=0: expected 1 or more"),
        ("experiment=../x", "experiment=../x: expected the name of a folder in outputs/"),
        ("experiment=a/b", "experiment=a/b: expected the name of a folder"),
        ("experiment=latest", "experiment=latest: expected the name of a folder"),
        ("experiment=", "experiment=: expected the name of a folder"),
    ],
)  # fmt: skip
def test_a_number_out_of_its_range_is_refused(override, said):
    [job] = plan("config", [override.strip("'")]).jobs
    [found] = range_mistakes(job.config)
    assert found.startswith(said)


def test_the_defaults_and_what_turns_something_off_pass():
    off = ["patience=0", "trainer.gradient_clip_val=null", "trainer.log_every_n_steps=null"]
    off += ["+trainer.num_sanity_val_steps=-1", "+trainer.max_steps=-1", "seed=4294967295"]
    for overrides in ([], off):
        [job] = plan("config", overrides).jobs
        assert not list(range_mistakes(job.config))


def test_what_is_no_number_is_left_to_others():
    assert not mistakes(seed="???", threads=True, patience=None, experiment="${nothing}")


def test_not_a_number_is_in_no_range():
    assert all(float("nan") not in allowed for allowed in RANGES.values())
    assert str(Range(0, open=True)) == "more than 0"
