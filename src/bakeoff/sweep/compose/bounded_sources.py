"""Config files that Hydra reads, each with a bound on its size: a few aliases can stand for billions of
values.
"""

from pathlib import Path

from hydra._internal.core_plugins import file_config_source
from hydra._internal.sources_registry import SourcesRegistry
from hydra.core.plugins import Plugins
from hydra.plugins.config_source import ConfigResult
from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from bakeoff.errors import BakeoffError
from bakeoff.store.yaml_file import bounded_text


class FileConfigSource(file_config_source.FileConfigSource):
    """Files of a folder on Hydra's search path.

    It has the name of Hydra's class: a process that takes over the registry of another one finds it there,
    and Hydra refuses a second class of another name.
    """

    def load_config(self, config_path: str) -> ConfigResult:
        """As Hydra does. Raises BakeoffError where the file is too large, or no config."""
        path = Path(self.path, self._normalize_file_name(config_path)).resolve()
        try:
            if path.exists():
                bounded_text(path, "make it smaller, or remove it")
            found = super().load_config(config_path)
        except OSError as error:  # OmegaConf raises one without a number for a file of one word
            reason = error.strerror or "not a mapping of keys"
            raise BakeoffError(f"cannot read {path}: {reason}") from None
        except (YAMLError, OmegaConfBaseException, ValueError, RecursionError) as error:
            said = " ".join(str(error).split())[:300]
            raise BakeoffError(f"{path} is no config: {said}") from None
        if not isinstance(found.config, DictConfig):
            raise BakeoffError(f"{path} is no config: expected keys, got a list")
        return found


def register() -> None:
    """Let every folder on the search path be read so; Hydra's registry keeps the first class that it is
    given.
    """
    Plugins.instance()  # gives it Hydra's own
    SourcesRegistry.instance().types["file"] = FileConfigSource
