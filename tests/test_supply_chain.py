"""What is installed is what was chosen: by name, by release and by content."""

import ast
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from functools import cache
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
EXTRAS = {
    "sweep/launch/on_ray.py": "ray",
    "sweep/launch/on_submitit.py": "slurm",
    "sweep/launch/submitit_clusters.py": "slurm",
    "sweep/launch/submitit_work.py": "slurm",
}  # and what each of them needs


packages = cache(packages_distributions)


def names(requirements):
    return {canonicalize_name(Requirement(line).name) for line in requirements}


def pins(*locks):
    """The releases that lock files name, as (name, version)."""
    text = "\n".join((ROOT / f"{lock}.lock").read_text(encoding="utf-8") for lock in locks)
    found = re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)
    return {(canonicalize_name(name), version) for name, version in found}


def imported(path):
    """The top-level modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


def needed(modules):
    """The packages of modules that are neither Python's nor bakeoff's."""
    foreign = set(modules) - sys.stdlib_module_names - {"bakeoff", "hydra_plugins"}
    return {
        canonicalize_name(name) for module in foreign for name in packages().get(module, [module])
    }


def test_every_import_is_declared():
    declared, extras = names(PROJECT["dependencies"]), PROJECT["optional-dependencies"]
    source, lacking = ROOT / "src" / "bakeoff", {}
    for path in (ROOT / "src").rglob("*.py"):
        extra = EXTRAS.get(path.relative_to(source).as_posix()) if source in path.parents else None
        if more := needed(imported(path)) - declared - names(extras.get(extra, ())):
            lacking[path.relative_to(ROOT).as_posix()] = more
    assert not lacking


def test_every_target_of_a_config_is_declared():
    files = [path for folder in ("conf", "experiments") for path in (ROOT / folder).rglob("*.yaml")]
    targets = set()
    for path in files:
        text = path.read_text(encoding="utf-8")
        targets |= set(re.findall(r"^\s*-?\s*_target_: (\w+)\.", text, re.MULTILINE))
    assert "bakeoff" in targets
    assert needed(targets) <= names(PROJECT["dependencies"])


@pytest.mark.parametrize("lock", LOCKS, ids=[lock.name for lock in LOCKS])
def test_every_pin_has_hashes(lock):
    entries = re.split(r"^(?=[\w.-]+==)", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert entries
    assert all(re.search(r"\\\n    --hash=sha256:[0-9a-f]{64}\b", entry) for entry in entries)


def requirements(name, extras):
    """What an installed package asks for on this machine, with extras."""
    for line in distribution(name).requires or ():
        wanted = Requirement(line)
        marker = wanted.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield wanted


def test_the_lock_names_all_that_is_asked_for():
    """pip is told to look at the lock alone."""
    open_, found = [("bakeoff", ("dev",))], set()
    locked = dict(pins("requirements", "requirements-torch", "requirements-cuda"))
    while open_:
        for wanted in requirements(*open_.pop()):
            name = canonicalize_name(wanted.name)
            assert name in locked, wanted
            assert wanted.specifier.contains(locked[name], prereleases=True), wanted
            if name not in found:
                found.add(name)
                open_.append((name, tuple(wanted.extras)))
    assert {"torch", "pytest", "sympy"} <= found


def test_the_wheel_carries_its_bill_of_materials(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        (name,) = [name for name in wheel.namelist() if ".dist-info/sboms/" in name]
        bill = json.loads(wheel.read(name))
        metadata = wheel.read(name.partition("/")[0] + "/METADATA").decode()
    assert name.endswith("bakeoff.cdx.json")
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert f"\nVersion: {bill['metadata']['component']['version']}\n" in metadata
    found, locked = bill["components"], pins("requirements", "requirements-torch")
    assert {(component["name"], component["version"]) for component in found} == locked
    assert all(component["externalReferences"][0]["hashes"] for component in found)
    asked = names(re.findall(r"^Requires-Dist: ([^;\n]+)$", metadata, re.MULTILINE))
    depends = {component["bom-ref"] for component in found if component["name"] in asked}
    assert set(bill["dependencies"][0]["dependsOn"]) == depends
    assert {"pkg:pypi/torch@2.13.0", "pkg:pypi/torch@2.13.0%2Bcpu"} <= depends
