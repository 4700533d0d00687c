"""The plan of a sweep that its folder has lost, as a copy that was not whole."""

from pathlib import Path

from omegaconf import OmegaConf

from bakeoff.store import plan_file
from bakeoff.store.yaml_file import read_yaml

PLANNED = "grid"  # the sweeper that writes a plan; others choose their runs while they run


def lost_plan(sweep_dir: Path) -> str:
    """Why a sweep of which the plan is missing has no winner; empty where the plan is there, and for a
    search, which has none. Raises BakeoffError where a file of Hydra's is damaged.
    """
    path = sweep_dir / plan_file.FILE_NAME
    notes = sorted(sweep_dir.glob("*/.hydra/hydra.yaml"))
    if path.exists() or not notes:
        return ""
    config = read_yaml(notes[0], (), "restore it from a copy")
    sweeper = OmegaConf.select(config, "hydra.runtime.choices.hydra/sweeper")
    if sweeper != PLANNED:
        return ""
    return (
        f"{path} is missing, so that nobody can tell which runs this sweep should have. Restore it from "
        "the folder that this one was copied from."
    )
