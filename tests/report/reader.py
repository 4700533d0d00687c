"""What a reader of a page gets."""

import re
from html.parser import HTMLParser
from pathlib import Path


class Page(HTMLParser):
    """What a reader of the page gets: its text, its numbers per table row, its links and ids."""

    def __init__(self, path: Path):
        super().__init__()
        self.source = path.read_text(encoding="utf-8")
        self.tags, self.ids, self.links, self.pictures = [], [], [], []
        self.rows: list[dict] = []  # {"section", "class", "text", "numbers"}
        self.text = ""
        self._section, self._hidden, self._in_row = "", 0, False
        self.feed(self.source)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append(tag)
        self._hidden += tag in ("style", "title", "script")
        if "id" in attributes:
            self.ids.append(attributes["id"])
        self.links += [
            attributes[key] for key in ("href", "src", "xlink:href") if key in attributes
        ]
        self.links += re.findall(r"url\(([^)]*)\)", " ".join(map(str, attributes.values())))
        if tag == "img":
            self.pictures.append(attributes["alt"])
        if tag in ("section", "header"):
            self._section = attributes["id"]
        if tag == "tr":
            row = {"section": self._section, "class": attributes.get("class"), "text": ""}
            self.rows.append(row | {"numbers": []})
            self._in_row = True
        if tag == "data" and self._in_row:
            self.rows[-1]["numbers"].append(float(attributes["value"]))

    def handle_endtag(self, tag):
        self._hidden -= tag in ("style", "title", "script")
        self._in_row &= tag != "tr"

    def handle_data(self, data):
        if self._hidden:
            return
        self.text += data
        if self._in_row:
            self.rows[-1]["text"] += data

    def row(self, section: str, name: str) -> dict:
        """Return the one row of a section's table that names `name`."""
        (row,) = (row for row in self.rows if row["section"] == section and name in row["text"])
        return row

    @property
    def answer(self) -> str:
        """The text before the leaderboard, with single spaces."""
        return " ".join(self.text.split("Leaderboard")[0].split())


def assert_sensible(page: Page) -> None:
    """No placeholder of a programming language reaches the reader, and nothing is loaded."""
    assert not re.findall(r"\b(nan|inf|None|Undefined|null)\b", page.text)
    assert all(link.startswith(("#", "data:")) for link in page.links)
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert page.tags.count("script") <= 1  # its own
