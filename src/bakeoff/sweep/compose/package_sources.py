"""Packages on Hydra's search path, which Hydra imports to read the configs that they hold."""

from hydra._internal.core_plugins import importlib_resources_config_source
from hydra._internal.sources_registry import SourcesRegistry
from hydra.core.plugins import Plugins

from bakeoff.errors import BakeoffError
from bakeoff.gate.allowances import OPTION
from bakeoff.gate.allowed import rule_for_composed, within

SETTING = "hydra.searchpath in"  # how Hydra calls a provider that a config or an override has named
KNOWN = ("hydra", "hydra_plugins", "bakeoff")


class ImportlibResourcesConfigSource(
    importlib_resources_config_source.ImportlibResourcesConfigSource
):
    """The configs in a package. It has the name of Hydra's class, as
    `bakeoff.sweep.compose.bounded_sources.FileConfigSource` has.

    Raises BakeoffError for a package of `hydra.searchpath` that is neither the user's own code nor allowed
    by them, before it is imported.
    """

    def __init__(self, provider: str, path: str) -> None:
        super().__init__(provider, path)
        if not provider.startswith(SETTING) or within(self.path, KNOWN):
            return
        if not rule_for_composed().is_own(self.path):
            top = self.path.split(".")[0]
            raise BakeoffError(
                f"hydra.searchpath: pkg://{self.path}: Hydra imports this package to read its configs, and "
                f"it is neither code below this folder nor allowed: only if you know what it does, add "
                f"{OPTION} {top}, or name a folder of configs by file://FOLDER"
            )


def register() -> None:
    """Let every package on the search path be read so; Hydra's registry keeps the first class that it is
    given.
    """
    Plugins.instance()  # gives it Hydra's own
    SourcesRegistry.instance().types["pkg"] = ImportlibResourcesConfigSource
