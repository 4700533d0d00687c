"""Runs jobs in processes, as the launcher does, of configs that are composed already."""

from bakeoff.sweep.launch.launched import whole
from bakeoff.sweep.launch.processes import run_jobs


def run_all(configs, *arguments, **settings):
    """As `run_jobs`, of composed configs."""
    return run_jobs(list(map(whole, configs)), *arguments, **settings)
