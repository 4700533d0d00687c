"""Sections of a config that nothing would ever read, although they name a class."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from omegaconf import DictConfig, OmegaConf

from bakeoff.gate.leaves import leaves

READ = frozenset(
    {
        *("data", "model", "loss", "optimizer", "scheduler", "trainer", "callbacks", "augment"),
        *("regularization", "baselines", "task", "hydra"),
    }
)
PLACES = (
    "loggers stand in trainer.logger, callbacks in callbacks or trainer.callbacks, metrics in "
    "task.metrics"
)
LOGGER = "logger"  # what other projects make loggers of, also by logger=csv


def unread_mistakes(config: DictConfig, content: Mapping[str, Any]) -> Iterator[str]:
    """A line for each section that bakeoff does not read and no reference leads to, although it names a
    class: a logger at the top of a config would log nothing. `content` is the config's, resolved.
    """
    for name in sorted(content.keys() - READ):
        is_part = name == LOGGER or _names_a_class(content[name])
        if is_part and not _is_referred_to(config, name):
            yield (
                f"{name}: nothing is made of this section: {PLACES}; leave it out, or refer to it by "
                f"${{{name}}}"
            )


def _names_a_class(node: Any) -> bool:
    if isinstance(node, list):
        return any(map(_names_a_class, node))
    return isinstance(node, Mapping) and (
        "_target_" in node or any(map(_names_a_class, node.values()))
    )


def _is_referred_to(config: DictConfig, name: str) -> bool:
    others = [key for key in config if key not in (name, "hydra")]
    plain = OmegaConf.to_container(OmegaConf.masked_copy(config, others), resolve=False)
    reference = re.compile(rf"\$\{{.*\b{re.escape(name)}\b")
    return any(reference.search(str(value)) for _, value in leaves(plain))
