"""Headers and licences: cut where both marks are, left where they are not, and said."""

import pytest

from bakeoff.text import document, licence
from bakeoff.text.document import Document
from bakeoff.text.licence import marks, without_licence

HEADER = (
    "\ufeffThe Project Gutenberg eBook of A Night\r\n\r\nTitle: A Night\r\n\r\n"
    "*** START OF THE PROJECT GUTENBERG EBOOK A NIGHT ***"
)
TEXT = "\r\n\r\nCHAPTER I.\r\n\r\nIt was *** a dark night.\r\n\r\n"
FOOTER = "*** END OF THE PROJECT GUTENBERG EBOOK A NIGHT ***\r\n\r\nThe full licence\r\n"


@pytest.fixture(params=[1 << 24, 7])
def block(request, monkeypatch) -> None:
    """Read in blocks of these sizes."""
    monkeypatch.setattr(document, "BLOCK", request.param)


def stripped(text: str) -> tuple[list[str], str]:
    """The texts that are left, and the remark."""
    found = without_licence(Document.of_text("book.txt", text))
    [remarks] = {part.remarks for part in found}
    assert len(remarks) <= 1
    return ["".join(part.blocks()) for part in found], "".join(remarks)


def test_exactly_the_text_is_left(block):
    parts, remark = stripped(HEADER + TEXT + FOOTER)
    assert parts == [TEXT]
    size = len((HEADER + TEXT + FOOTER).encode())
    assert remark == (
        f"cut off the header and licence of Project Gutenberg ({size - len(TEXT)} of {size} bytes); "
        "data.corpus.source.strip=false keeps them"
    )


@pytest.mark.parametrize("apostrophe", ["'", "’", ""])
def test_the_line_before_the_licence_goes_with_it(block, apostrophe):
    last = f"End of Project Gutenberg{apostrophe}s A Night, by A. Nobody\r\n\r\n"
    assert stripped(HEADER + TEXT + last + FOOTER)[0] == [TEXT]


def test_a_file_of_several_books_is_several_documents(block):
    books = [TEXT, TEXT.replace("dark", "bright"), "\r\nshort\r\n"]
    parts, remark = stripped("\r\n".join(HEADER + text + FOOTER for text in books))
    assert parts == books
    assert remark.startswith("cut off the header and licence")


def test_another_text_is_left_alone(block):
    for text in (TEXT, "", "*** START OF THE SHOW ***\n***\n"):
        assert stripped(text) == ([text], "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER + TEXT, "has a line '*** START OF THE PROJECT GUTENBERG EBOOK', but none with END"),
        (TEXT + FOOTER, "has a line '*** END OF THE PROJECT GUTENBERG EBOOK', but none with START"),
        (
            FOOTER + HEADER + TEXT,
            "has the lines END, START of Project Gutenberg, expected START and",
        ),
        (HEADER + TEXT + HEADER + TEXT + FOOTER, "has the lines START, START, END of Project Gut"),
        ("Thanks to Project Gutenberg.\n", "names Project Gutenberg, but has no lines '*** START"),
    ],
)
def test_without_both_marks_nothing_is_cut(block, text, said):
    parts, remark = stripped(text)
    assert parts == [text.replace("\ufeff", "")]
    assert remark.startswith(said)
    assert remark.endswith(": nothing is cut off")


def test_remarks_are_added():
    found = Document("book.txt", Document.of_text("", HEADER + TEXT + FOOTER).open, "utf-8")
    noted = Document(found.name, found.open, "utf-8", remarks=("read as utf-16",))
    [part] = without_licence(noted)
    assert [remark[:14] for remark in part.remarks] == ["read as utf-16", "cut off the he"]


def test_marks_by_hand():
    content = (HEADER + TEXT + FOOTER).encode()
    start, end = marks(content)
    assert (start.kind, content[start.start : start.end]) == (
        "START",
        b"*** START OF THE PROJECT GUTENBERG EBOOK A NIGHT ***",
    )
    assert (end.kind, content[end.start :].startswith(b"*** END")) == ("END", True)


def test_a_mark_between_two_blocks_is_found_once(monkeypatch):
    monkeypatch.setattr(licence, "LONGEST", 200)
    text = HEADER + TEXT + FOOTER
    for size in range(40, 120):
        monkeypatch.setattr(document, "BLOCK", size)
        assert stripped(text)[0] == [TEXT]
