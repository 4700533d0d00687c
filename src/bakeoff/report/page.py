"""report.html: a sweep's answer and its evidence, in one file that opens offline."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bakeoff.report.content import page_content
from bakeoff.report.evidence import Evidence
from bakeoff.report.narrow import labelled
from bakeoff.report.wording import (
    breakable,
    count,
    duration,
    number,
    prose,
    sentence_case,
    signed,
    size,
)
from bakeoff.store import atomic

FILE_NAME = "report.html"
FILTERS = (number, count, duration, size, breakable, prose, sentence_case, signed, labelled)


def write_report(evidence: Evidence) -> Path:
    """Write `report.html` into the sweep's folder, whole or not at all, and return its path.

    It shows only what the files of the sweep hold, so the same files give the same report. What
    cannot be read of a single run is said in it.
    """
    path = evidence.folder / FILE_NAME
    write_page(path, "report.html.j2", page_content(evidence))
    return path


def write_page(path: Path, template: str, content: Mapping[str, Any]) -> None:
    """Write the page that a template makes of its `content`, whole or not at all."""
    environment = Environment(
        loader=PackageLoader("bakeoff.report"),
        autoescape=True,  # names and errors are anyone's text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for write in FILTERS:
        environment.filters[write.__name__] = write
    page = environment.get_template(template).render(content)
    # An error message may hold the undecodable bytes of a file name.
    atomic.write_bytes(path, page.encode(errors="replace"))
