"""Writes the wheel's software bill of materials, `.dist-info/sboms/bakeoff.cdx.json` (PEP 770; CycloneDX).

A wheel holds no package but bakeoff. The bill says which ones it asks for, and the releases and files of
the lock files that it is tested with.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS = ("requirements.lock", "requirements-torch.lock")
PINNED = re.compile(
    r"^([\w.-]+)==([^\s;\\]+)[^\\\n]*((?:\s*\\\n\s*--hash=sha256:[0-9a-f]{64})+)", re.MULTILINE
)


class SbomHook(BuildHookInterface):
    """Adds the bill to what hatchling builds."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write it, before the wheel is."""
        self._folder = TemporaryDirectory()
        path = Path(self._folder.name, "bakeoff.cdx.json")
        core = self.metadata.core
        lock = "\n".join(Path(self.root, name).read_text(encoding="utf-8") for name in LOCKS)
        found = bill(core.name, self.metadata.version, core.dependencies, lock)
        path.write_text(f"{json.dumps(found, indent=1)}\n", encoding="utf-8")
        build_data["sbom_files"].append(str(path))

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what the wheel has taken in."""
        self._folder.cleanup()


def bill(name: str, version: str, asked: Sequence[str], lock: str) -> Mapping[str, Any]:
    """The CycloneDX document of a release that asks for the requirements `asked`; `lock` is the text of
    lock files with hashes.
    """
    own = {**_component(name, version), "licenses": [{"license": {"id": "MIT"}}]}
    found = list(_locked(lock))
    names = {canonicalize_name(Requirement(line).name) for line in asked}
    needed = [component["bom-ref"] for component in found if component["name"] in names]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": own},
        "components": found,
        "dependencies": [{"ref": own["bom-ref"], "dependsOn": needed}],
    }


def _locked(lock: str) -> Iterator[dict[str, Any]]:
    for name, version, hashes in PINNED.findall(lock):
        files = re.findall("[0-9a-f]{64}", hashes)
        component = _component(canonicalize_name(name), version)
        purl = component["purl"]
        yield component | {
            "externalReferences": [
                {
                    "type": "distribution",
                    "url": purl,
                    "hashes": [{"alg": "SHA-256", "content": content}],
                }
                for content in files
            ]
        }


def _component(name: str, version: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{name}@{quote(version)}"
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
