"""Where a run's TensorBoard events lie: in a folder of the run's directory that is named for people."""

from pathlib import Path

EVENTS = "events.out.tfevents.*"


def event_folder(run_dir: Path) -> Path | None:
    """The folder of a run's events; None where it has none yet. Events beside the record count too, those
    that a link leads to elsewhere do not.
    """
    places = (path for at in (f"*/{EVENTS}", EVENTS) for path in run_dir.glob(at))
    own = run_dir.resolve()
    return next((path.parent for path in places if path.resolve().is_relative_to(own)), None)
