"""What stands beside the progress bar."""

from types import SimpleNamespace

from bakeoff.run.hooks.progress_bar import RunProgressBar


def test_the_numbers_of_the_run_stand_beside_the_bar_and_not_a_piece_of_its_name():
    trainer = SimpleNamespace(
        loggers=[SimpleNamespace(version="lenet5-deep seed=0")], progress_bar_metrics={"loss": 0.5}
    )
    assert RunProgressBar().get_metrics(trainer, None) == {"loss": 0.5}
