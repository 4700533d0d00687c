"""What tests of charts read from an SVG element, and a sweep with its page."""

import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.report.localization import write_sweep
from tests.report.reader import Page

from bakeoff.report.evidence import read_evidence
from bakeoff.report.page import write_report


class Chart:
    """A drawn `<svg>`: its texts with their places, and its marks by what they show on pointing at them."""

    def __init__(self, text: str) -> None:
        self.root = ElementTree.fromstring(text)
        self.texts = {"".join(element.itertext()): element for element in self.root.iter("text")}
        self.marks = {
            element.find("title").text: element
            for element in self.root.iter()
            if element.find("title") is not None
        }

    @property
    def tips(self) -> list[str]:
        """What the marks show, in the order in which they are drawn."""
        return list(self.marks)

    def place(self, tip: str) -> tuple[float, float]:
        """Where the middle of a dot is, y from the top."""
        dot = self.marks[tip]
        return float(dot.attrib["cx"]), float(dot.attrib["cy"])

    def style(self, tip: str) -> str:
        """How a dot or a line is drawn."""
        return self.marks[tip].attrib["style"]


@pytest.fixture
def chart() -> Callable[[str], Chart]:
    """Reads an `<svg>` element."""
    return Chart


@pytest.fixture(scope="session")
def whole(tmp_path_factory) -> tuple[Path, dict]:
    """Write a sweep that no test changes."""
    folder = tmp_path_factory.mktemp("localization") / "2026-11-03_10-00-00"
    folder.mkdir()
    return folder, write_sweep(folder)


@pytest.fixture
def sweep(whole, tmp_path) -> Path:
    """Copy it, to be damaged."""
    return Path(shutil.copytree(whole[0], tmp_path / "localization" / "2026-11-03_10-00-00"))


@pytest.fixture(scope="session")
def page(whole) -> Page:
    return Page(write_report(read_evidence(whole[0])))
