"""Where texts come from, and what is said where there are none."""

import pytest

from bakeoff.errors import BakeoffError
from bakeoff.text.sources import CourseBooks, PythonDocs, TextFolder


def folder_of(root, **texts: str):
    for name, text in texts.items():
        path = root / f"{name.replace('__', '/')}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def texts_of(source) -> dict[str, list[str]]:
    return {
        split: ["".join(document.blocks()) for document in documents]
        for split, documents in source.documents().items()
    }


def source(folder, val=0.25, test=0.25, split_by="file", encoding=None, strip=True) -> TextFolder:
    return TextFolder(str(folder), val, test, split_by, encoding, strip)


def test_sub_folders_are_the_splits(tmp_path):
    folder_of(tmp_path, train__b="B", train__deep__a="A", val__c="C", test__d="D", stray="no")
    assert texts_of(source(tmp_path)) == {"train": ["B", "A"], "val": ["C"], "test": ["D"]}


def test_files_are_split_in_the_order_of_their_names(tmp_path):
    folder_of(tmp_path, d="4", a="1", c="3", b="2")
    assert texts_of(source(tmp_path)) == {"train": ["1", "2"], "val": ["3"], "test": ["4"]}


def test_three_files_are_one_for_each_split(tmp_path):
    folder_of(tmp_path, a="1", b="2", c="3")
    found = texts_of(source(tmp_path, val=0.1, test=0.1))
    assert found == {"train": ["1"], "val": ["2"], "test": ["3"]}
    (tmp_path / "c.txt").unlink()
    with pytest.raises(BakeoffError, match=r"holds 2 .txt files: .*split_by=position"):
        source(tmp_path).documents()


def test_every_file_is_split_by_position(tmp_path):
    folder_of(tmp_path, a="a b c d e f g h ", b="1 2 3 4 ")
    # Half of a.txt's 16 bytes ends at the "e", which the first part keeps.
    assert texts_of(source(tmp_path, split_by="position")) == {
        "train": ["a b c d e ", "1 2 3 "],
        "val": ["f g ", "4 "],
        "test": ["h ", ""],
    }


def test_files_of_dos_are_texts_too(tmp_path):
    folder_of(tmp_path, b="B", c="C")
    (tmp_path / "A.TXT").write_text("A")
    assert texts_of(source(tmp_path)) == {"train": ["A"], "val": ["B"], "test": ["C"]}


def test_every_file_has_its_own_encoding(tmp_path):
    written = {"a": "utf-8-sig", "b": "utf-16", "c": "cp1252", "d": "utf-8"}
    for name, encoding in written.items():
        (tmp_path / f"{name}.txt").write_bytes("Un café".encode(encoding))
    found = source(tmp_path).documents()
    assert texts_of(source(tmp_path)) == {
        "train": ["Un café", "Un café"],
        "val": ["Un café"],
        "test": ["Un café"],
    }
    remarks = [" ".join(document.remarks)[:14] for some in found.values() for document in some]
    assert remarks == ["", "read as utf-16", "read as cp1252", ""]


def test_a_name_fixes_the_encoding_of_all_files(tmp_path):
    for name in "abc":
        (tmp_path / f"{name}.txt").write_bytes("ĥé".encode("iso8859-3"))
    found = texts_of(source(tmp_path, encoding="iso8859-3"))
    assert found == {"train": ["ĥé"], "val": ["ĥé"], "test": ["ĥé"]}
    assert texts_of(source(tmp_path, encoding="cp1252"))["train"] == ["¶é"]


def book(text: str) -> str:
    return (
        f"The Project Gutenberg eBook\n\n*** START OF THE PROJECT GUTENBERG EBOOK X ***{text}"
        "*** END OF THE PROJECT GUTENBERG EBOOK X ***\nlicence\n"
    )


def test_licences_are_cut_off_unless_strip_is_false(tmp_path):
    folder_of(tmp_path, a=book("\nA\n"), b=book("\nB\n"), c="C")
    assert texts_of(source(tmp_path)) == {"train": ["\nA\n"], "val": ["\nB\n"], "test": ["C"]}
    kept = source(tmp_path, strip=False)
    assert texts_of(kept) == {"train": [book("\nA\n")], "val": [book("\nB\n")], "test": ["C"]}
    assert all(not document.remarks for some in kept.documents().values() for document in some)


def test_a_licence_in_utf_16_is_cut_off_too(tmp_path):
    folder_of(tmp_path, b="B", c="C")
    (tmp_path / "a.txt").write_bytes(book("\né\n").encode("utf-16"))
    assert texts_of(source(tmp_path))["train"] == ["\né\n"]


def test_books_of_one_file_stay_in_one_split(tmp_path):
    one, two, three, four, five = (f"\n{number}\n" for number in range(1, 6))
    folder_of(tmp_path, a=book(one) + book(two), b=book(three) + book(four), c=book(five))
    assert texts_of(source(tmp_path)) == {"train": [one, two], "val": [three, four], "test": [five]}
    by_position = texts_of(source(tmp_path, split_by="position"))
    parts = zip(*by_position.values(), strict=True)
    assert ["".join(part) for part in parts] == [one, two, three, four, five]


def test_no_folder_and_an_empty_one_are_named(tmp_path):
    with pytest.raises(BakeoffError, match="nowhere is not a folder"):
        source(tmp_path / "nowhere").documents()
    with pytest.raises(BakeoffError, match=r"holds no .txt files"):
        source(tmp_path).documents()
    folder_of(tmp_path, train__a="A")
    with pytest.raises(BakeoffError, match=r"val holds no .txt files"):
        source(tmp_path).documents()


def test_an_empty_file_is_named(tmp_path):
    folder_of(tmp_path, a="1", b="", c="3")
    with pytest.raises(BakeoffError, match=r"empty files: .*b.txt"):
        source(tmp_path).documents()


@pytest.mark.parametrize("shares", [(0, 0.1), (0.1, 0), (0.5, 0.5), (-0.1, 0.1), (1, 0.1)])
def test_shares_leave_something_for_training(tmp_path, shares):
    with pytest.raises(BakeoffError, match="expected shares above 0 that leave"):
        source(tmp_path, *shares)


def test_another_way_to_split_is_refused(tmp_path):
    with pytest.raises(BakeoffError, match="split_by is 'word': expected file or position"):
        source(tmp_path, split_by="word")
    with pytest.raises(BakeoffError, match="encoding is 'klingon'"):
        source(tmp_path, encoding="klingon")


def test_paragraphs_of_pythons_docs_are_in_one_split_only():
    found = texts_of(PythonDocs(0.1, 0.1))
    paragraphs = {
        split: [p for text in texts for p in text.split("\n\n")] for split, texts in found.items()
    }
    everything = [p for split in paragraphs.values() for p in split]
    assert len(everything) == len(set(everything)) > 1000
    shares = {split: len(some) / len(everything) for split, some in paragraphs.items()}
    assert shares["val"] == pytest.approx(0.1, abs=0.04)
    assert shares["test"] == pytest.approx(0.1, abs=0.04)


def test_books_of_the_course_by_name(mirror, tmp_path):
    documents = CourseBooks(str(tmp_path), ["candide"], ["enchiridion"], ["dracula"]).documents()
    assert {split: [d.size() for d in found] for split, found in documents.items()} == {
        "train": [183_163],
        "val": [39_241],
        "test": [834_275],
    }


def test_an_unknown_book_is_answered_with_those_there_are(tmp_path):
    with pytest.raises(BakeoffError, match=r"no book 'candid': expected some of .*'candide'"):
        CourseBooks(str(tmp_path), ["candid"], ["dracula"], ["meditations"]).documents()


def test_a_book_in_two_splits_is_refused(tmp_path):
    with pytest.raises(BakeoffError, match="names candide twice"):
        CourseBooks(str(tmp_path), ["candide"], ["candide"], ["dracula"]).documents()


def test_books_without_a_mirror_say_what_to_do(tmp_path):
    with pytest.raises(BakeoffError, match="BAKEOFF_MIRROR"):
        CourseBooks(str(tmp_path), ["candide"], ["enchiridion"], ["dracula"]).documents()
