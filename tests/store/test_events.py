"""Where a run's events are found."""

from bakeoff.store.events import event_folder


def test_events_lie_in_a_folder_of_their_own_or_beside_the_record(tmp_path):
    assert event_folder(tmp_path) is None
    (tmp_path / "events.out.tfevents.1.host.2.0").touch()
    assert event_folder(tmp_path) == tmp_path
    (tmp_path / "mlp seed=0").mkdir()
    assert event_folder(tmp_path) == tmp_path
    (tmp_path / "mlp seed=0" / "events.out.tfevents.1.host.2.0").touch()
    assert event_folder(tmp_path) == tmp_path / "mlp seed=0"


def test_events_that_a_link_leads_to_are_not_of_this_run(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "events.out.tfevents.1").touch()
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "curves").symlink_to(tmp_path / "elsewhere")
    assert event_folder(tmp_path / "run") is None
