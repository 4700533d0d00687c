"""A check says what it is at once it takes a while."""

from bakeoff.sweep import late_status as module
from bakeoff.sweep.late_status import LateStatus


def checked(monkeypatch, seconds):
    """The items of two loops, one within the other, of which each takes so many seconds."""
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    status, seen = LateStatus(), []
    for model in status.each(["a", "b"], "model and loss"):
        for rate in status.each(range(3), "optimizer"):
            seen.append((model, rate))
            now[0] += seconds
    return seen


def test_a_short_check_says_nothing(monkeypatch, capsys):
    assert checked(monkeypatch, 0.3) == [(model, rate) for model in "ab" for rate in range(3)]
    assert capsys.readouterr() == ("", "")


def test_a_long_check_says_in_one_line_what_it_is_at(monkeypatch, capsys):
    assert len(checked(monkeypatch, 1.5)) == 6
    assert capsys.readouterr() == ("", "checking optimizer: 3 of 3\n")


def test_on_a_terminal_the_line_is_replaced_and_goes(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    checked(monkeypatch, 1.5)
    out, err = capsys.readouterr()
    assert out == "" and "checking optimizer: 3 of 3" in err
    assert err.rstrip().endswith("\x1b[2K")  # the line is erased
