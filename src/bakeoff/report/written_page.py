"""A page of people's own text with the numbers of sweeps in it, each between two marks."""

import re
from pathlib import Path

from bakeoff.errors import BakeoffError
from bakeoff.report.evidence import Evidence
from bakeoff.report.markdown import body
from bakeoff.store import atomic

NAME = re.compile(r"[\w.-]+")
START, END = "<!-- bakeoff: {} -->", "<!-- end of bakeoff: {} -->"


def write_into(page: Path, evidence: Evidence, section: str) -> None:
    """Put the numbers of a sweep between the marks of a `section` of a Markdown page; all other text stays.

    A page that does not exist is made. Raises BakeoffError where the page has no such section, or one that
    does not end, or cannot be read or written.
    """
    if not NAME.fullmatch(section):
        raise BakeoffError(
            f"--section {section!r}: expected a name of letters, digits, points, dashes and underscores"
        )
    start, end = START.format(section), END.format(section)
    found = f"{start}\n{body(evidence).rstrip()}\n{end}"
    text = _read(page) if page.exists() else f"# {section}\n\n{start}\n{end}\n"
    pattern = re.compile(
        re.escape(start) + r"(?:(?!<!-- bakeoff: ).)*?" + re.escape(end), re.DOTALL
    )
    if (count := len(pattern.findall(text))) != 1:
        raise BakeoffError(
            f"{page} has {count} sections {section!r}: expected one, between the lines `{start}` and "
            f"`{end}`; add them where the numbers belong"
        )
    atomic.write_text(page, pattern.sub(lambda _: found, text))


def _read(page: Path) -> str:
    try:
        return page.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BakeoffError(f"cannot read {page}: {error}") from None
