"""Where a run's TensorBoard events lie: in a folder of the run's directory that is named for people."""

from pathlib import Path

EVENTS = "events.out.tfevents.*"


def event_folder(run_dir: Path) -> Path | None:
    """The folder of a run's events; None where it has none yet. Events beside the record count too."""
    found = next((path for at in (f"*/{EVENTS}", EVENTS) for path in run_dir.glob(at)), None)
    return None if found is None else found.parent
