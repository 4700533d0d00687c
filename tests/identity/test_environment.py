"""What a record says about software and hardware."""

import platform
import subprocess

import torch

from bakeoff.identity.environment import PACKAGES, environment


def git(folder, *arguments):
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def test_versions_and_device(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = environment("cuda:0")
    assert found["python"] == platform.python_version()
    assert found["packages"].keys() == set(PACKAGES)
    assert found["packages"]["torch"] == torch.__version__
    assert found["device"] == "cuda:0"
    assert (found["commit"], found["dirty"]) == (None, None)


def test_the_commit_and_whether_files_differ_from_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q")
    (tmp_path / "net.py").write_text("a")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    found = environment("cpu")
    assert (found["commit"], found["dirty"]) == (git(tmp_path, "rev-parse", "HEAD"), False)
    (tmp_path / "net.py").write_text("b")
    assert environment("cpu")["dirty"] is True


def test_without_git_nothing_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert environment("cpu")["commit"] is None
