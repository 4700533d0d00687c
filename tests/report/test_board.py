"""The folder of links that TensorBoard reads. tests/verbs/test_tensorboard.py runs the server."""

from dataclasses import replace
from urllib.parse import unquote

from tests import named_run

from bakeoff.report.board import link_runs, pins

RUN = replace(named_run.RUN, candidate="mlp", overrides=[], seed=0)


def test_links_lead_to_the_directories_of_the_runs(tmp_path):
    links, sweep = tmp_path / "links", tmp_path / "sweep"
    links.mkdir()
    (sweep / RUN.id).mkdir(parents=True)
    RUN.write(sweep / RUN.id)
    link_runs(sweep, links)
    assert not list(links.iterdir())  # there are no events yet
    (sweep / RUN.id / "mlp seed=0").mkdir()
    (sweep / RUN.id / "mlp seed=0" / "events.out.tfevents.1.host.2.0").touch()
    for _ in range(2):  # a second time changes nothing
        link_runs(sweep, links)
        assert [path.name for path in links.iterdir()] == ["mlp seed=0"]
        assert (links / "mlp seed=0").resolve() == sweep / RUN.id / "mlp seed=0"


def test_events_beside_the_record_are_found_too(tmp_path):
    links, run_dir = tmp_path / "links", tmp_path / "sweep" / RUN.id
    links.mkdir()
    run_dir.mkdir(parents=True)
    RUN.write(run_dir)
    (run_dir / "events.out.tfevents.1.host.2.0").touch()
    link_runs(tmp_path / "sweep", links)
    assert (links / "mlp seed=0").resolve() == run_dir


def test_the_metric_is_pinned_before_the_losses(tmp_path):
    assert pins(tmp_path) == ""
    (tmp_path / RUN.id).mkdir()
    RUN.write(tmp_path / RUN.id)
    found = unquote(pins(tmp_path))
    assert found.index("val/accuracy") < found.index("val/loss") < found.index("train/loss")
