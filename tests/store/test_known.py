"""The names of the sweeps and runs that there are."""

from bakeoff.store import known


def test_sweeps_and_finished_ones(sweeps):
    for name in ("embedding/2026-01-01", "generation/2026-01-02"):
        (sweeps / name / "plan.json").touch()
    (sweeps / "embedding" / "2026-01-01" / "leaderboard.json").touch()
    for run in ("train/2026-01-03", "embedding/2026-01-01/abc"):
        (sweeps / run).mkdir(parents=True)
        (sweeps / run / "run.json").touch()
    assert known.sweeps() == [
        *("latest", "generation/latest", "embedding/latest"),
        *("generation/2026-01-02", "embedding/2026-01-01"),
    ]
    finished = ["latest", "embedding/latest", "train/2026-01-03", "embedding/2026-01-01"]
    assert known.runs("") == known.runs("embedding/la") == finished
    assert known.runs("embedding/2026-01-01/") == [*finished, "embedding/2026-01-01/abc"]


def test_nothing_is_there_yet(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert known.sweeps() == known.runs("") == []
