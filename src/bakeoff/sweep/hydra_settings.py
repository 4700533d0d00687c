"""Settings of Hydra's own that a run of bakeoff cannot honour."""

from collections.abc import Iterator

from omegaconf import DictConfig, OmegaConf

from bakeoff.sweep.slots import number_mistakes

RUN_FOLDER = "${run_id:}"
OUTPUT_FOLDER = ".hydra"
OWN_LAUNCHERS = "hydra_plugins.bakeoff_launcher."
NUMBERS = ("n_jobs", "jobs_per_gpu")


def setting_mistakes(hydra: DictConfig, multirun: bool) -> Iterator[str]:
    """A line for each of them in the section `hydra` of a job's config."""
    subdir = OmegaConf.to_container(hydra.sweep, resolve=False)["subdir"]
    if multirun and subdir != RUN_FOLDER:
        yield (
            f"hydra.sweep.subdir={subdir}: a run's folder is named by its id, by which leaderboard and "
            "report find it: leave it out; bakeoff tensorboard shows runs by readable names"
        )
    if hydra.output_subdir != OUTPUT_FOLDER:
        yield (
            f"hydra.output_subdir={hydra.output_subdir}: a run is read back by the config in "
            f"{OUTPUT_FOLDER}/: leave it out"
        )
    if hydra.job.chdir:
        yield (
            "hydra.job.chdir=true: files of a config are named from the folder of the command, where a run "
            "stays: leave it out"
        )
    if hydra.launcher._target_.startswith(OWN_LAUNCHERS):
        yield from number_mistakes(**{name: hydra.launcher.get(name) for name in NUMBERS})
