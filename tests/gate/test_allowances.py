"""What the user allows configs to name besides."""

import argparse

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.gate.allowances import ALLOW, OPTION, Allow, allowed_by_user, without_option


@pytest.fixture(autouse=True)
def nothing_is_allowed(tmp_path, monkeypatch):
    monkeypatch.setenv(ALLOW, "")
    monkeypatch.chdir(tmp_path)


def test_the_option_may_be_repeated_and_adds_to_the_environment(monkeypatch):
    monkeypatch.setenv(ALLOW, "first")
    parser = argparse.ArgumentParser()
    parser.add_argument(OPTION, action=Allow)
    parser.parse_args(["--allow", "second", "--allow=third.part"])
    assert allowed_by_user() == ["first", "second", "third.part"]


def test_the_option_is_taken_out_of_what_another_parser_reads():
    words = ["-m", "seed=1", "--allow", "mine", "--info", "--allow=b", "~x", "--config-dir", "d"]
    assert without_option(words) == ["-m", "seed=1", "--info", "~x", "--config-dir", "d"]
    assert allowed_by_user() == ["mine", "b"]


@pytest.mark.parametrize("name", ["", "-x", "a b", "os;x", "a..b"])
def test_what_is_no_package_is_refused(name):
    with pytest.raises(BakeoffError, match=r"expected packages, as in mypackage"):
        without_option([f"--allow={name}"])


@pytest.mark.parametrize(
    "text", ["[tool", "[tool.bakeoff]\nallow = 'x'", "[tool.bakeoff]\nallow = [1, '-']"]
)
def test_a_list_that_is_none_is_refused(tmp_path, text):
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(BakeoffError, match=r"pyproject|expected packages"):
        allowed_by_user()
