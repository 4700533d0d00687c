"""Files of a finished sweep are truncated, garbled, emptied, or of another kind."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.faults.checks import answer, results
from tests.faults.place import Place

pytestmark = pytest.mark.slow

SELECTED, OTHER = "SELECTED", "OTHER"


def gone(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def folder(path: Path) -> None:
    gone(path)
    path.mkdir()


def itself(path: Path) -> None:
    gone(path)
    path.symlink_to(path)


def halved(path: Path) -> None:
    if path.is_file():
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def filled(content: bytes) -> Callable[[Path], None]:
    def fill(path: Path) -> None:
        if path.exists():
            gone(path)
        path.write_bytes(content)

    return fill


TAMPERINGS = {
    "gone": gone,
    "folder": folder,
    "link to itself": itself,
    "half": halved,
    "empty": filled(b""),
    "list": filled(b"[]\n"),
    "object": filled(b"{}\n"),
    "null": filled(b"null\n"),
    "number": filled(b"3\n"),
    "word": filled(b'"word"\n'),
    "binary": filled(bytes(range(256)) * 4),
    "deep": filled(b"[" * 100_000),
}


PLACE = ("gone", "folder", "link to itself")
WRONG = ("list", "object", "null", "number", "word", "binary", "deep")
FILES = {
    f"{SELECTED}/run.json": (*PLACE, "half", "empty", *WRONG),
    f"{OTHER}/run.json": ("gone", "half", "object"),
    "plan.json": (*PLACE, "half", "empty", *WRONG),
    "leaderboard.json": (*PLACE, "half", "empty", *WRONG),
    "test_ledger.jsonl": (*PLACE, "half", "empty", *WRONG),
    f"{SELECTED}/.hydra/config.yaml": (*PLACE, "half", "empty", "list", "word", "binary", "deep"),
    f"{OTHER}/.hydra/config.yaml": ("gone", "list", "binary"),
    f"{SELECTED}/.hydra/hydra.yaml": ("gone", "half", "empty"),
}


@pytest.mark.parametrize(
    ("file", "kind"), [(file, kind) for file, kinds in FILES.items() for kind in kinds]
)
def test_a_tampered_file_is_answered(
    whole: Place, reference, tmp_path, monkeypatch, capsys, file, kind
):
    """With the results that there were, or with what is wrong; never with others, or a traceback."""
    monkeypatch.chdir(whole.folder)
    sweep = tmp_path / "outputs" / "small" / "sweep"
    shutil.copytree(whole.sweep, sweep)
    other = next(run for run in reference["runs"] if run != reference["selected_run"])
    path = sweep / file.replace(SELECTED, reference["selected_run"]).replace(OTHER, other)
    assert path.exists()
    TAMPERINGS[kind](path)
    ledger = (whole.sweep / "test_ledger.jsonl").read_bytes()
    for verb in ("report", "test"):
        status, said = answer(capsys, verb, str(sweep))
        assert status in (0, 1), said
        if status == 0:
            # Weights of runs that were not selected are not read for this.
            assert results(sweep, with_weights=False) == results(whole.sweep, with_weights=False)
        else:
            assert "bakeoff:" in said or "NO WINNER" in said
    if file != "test_ledger.jsonl":
        assert (sweep / "test_ledger.jsonl").read_bytes() == ledger


# Edited: every value is one that could be


def edit(path: Path, old: str, new: str) -> None:
    content = path.read_text()
    assert old in content
    path.write_text(content.replace(old, new))


@pytest.fixture
def finished(whole: Place, tmp_path, monkeypatch) -> Path:
    """A copy of the finished sweep."""
    monkeypatch.chdir(whole.folder)
    return Path(shutil.copytree(whole.sweep, tmp_path / "outputs" / "small" / "sweep"))


def test_an_edited_record_is_told_with_the_leaderboard(finished: Path, reference, capsys):
    run = next(run for run in reference["runs"] if run != reference["selected_run"])
    value = reference["runs"][run][1].value
    status, said = answer(capsys, "report", str(finished))
    assert status == 0 and "edited since" not in said
    edit(finished / run / "run.json", f'"value": {value}', '"value": 0.99')
    _, said = answer(capsys, "report", str(finished))
    told = f"The record of run {run} was edited since, or written by another account or machine"
    assert told in said
    for file in ("leaderboard.json", "report.html", "report.md"):
        assert (finished / file).read_text().count(told) == 1


def test_an_edited_leaderboard_is_made_anew(finished: Path, whole: Place, reference, capsys):
    best = str(reference["rows"][0]["mean"])
    edit(finished / "leaderboard.json", best, "0.99")
    status, said = answer(capsys, "report", str(finished))
    assert status == 0, said
    assert results(finished) == reference


def test_an_edited_ledger_is_no_result(finished: Path, reference, capsys):
    edit(finished / "test_ledger.jsonl", str(reference["sealed_test"]["accuracy"]), "0.99")
    for verb in ("report", "test"):
        status, said = answer(capsys, verb, str(finished))
        assert status == 1 and "damaged or edited since bakeoff wrote it" in said
    assert "0.99" not in (finished / "leaderboard.json").read_text()
