"""What is checked of a sweep before anything trains, beyond the words on the command line."""

from collections.abc import Sequence

from omegaconf import DictConfig

from bakeoff.errors import BakeoffError
from bakeoff.run.build import build_data, build_loss, build_net


def preflight(configs: Sequence[DictConfig]) -> None:
    """Make the data and try the net of each config. Raises BakeoffError that lists all mistakes."""
    mistakes, made = {}, {}
    for config in configs:
        try:
            key = str(config.data)
            if key not in made:
                made[key] = build_data(config)
            build_loss(config, build_net(config, made[key]))
        except BakeoffError as error:
            mistakes[str(error)] = None
    if mistakes:
        raise BakeoffError("\n".join(mistakes))
