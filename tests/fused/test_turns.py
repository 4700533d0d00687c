"""Functions that take turns in threads of their own."""

import pytest

from bakeoff.fused.turns import Turn


def test_a_function_runs_until_it_waits_and_goes_on_where_it_waited():
    seen = []

    def function():
        seen.append("first")
        turn.wait()
        seen.append("second")
        return "result"

    turn = Turn(function, [])
    assert seen == []
    assert turn.go_on() and seen == ["first"]
    assert not turn.go_on() and seen == ["first", "second"]
    assert (turn.ended, turn.result, turn.error) == (True, "result", None)


def test_what_a_function_raises_is_kept():
    def function():
        raise ValueError("wrong")

    turn = Turn(function, [])
    assert not turn.go_on()
    assert isinstance(turn.error, ValueError)


def test_an_exception_can_be_raised_where_it_waits():
    caught = []

    def function():
        try:
            turn.wait()
        except KeyboardInterrupt as error:
            caught.append(error)

    turn = Turn(function, [])
    turn.go_on()
    assert not turn.go_on(KeyboardInterrupt())
    assert len(caught) == 1


def test_each_finds_the_shared_state_as_it_left_it():
    state = ["outside"]

    def write(value):
        state[0] = value

    def function(name):
        def run():
            found.append(state[0])
            write(name)
            turns[name].wait()
            found.append(state[0])

        return run

    found = []
    turns = {name: Turn(function(name), [(lambda: state[0], write)]) for name in ("a", "b")}
    for _ in range(2):
        for turn in turns.values():
            turn.go_on()
            assert state == ["outside"]
    assert found == ["outside", "outside", "a", "b"]


def test_a_function_that_never_started_ends_without_running():
    turn = Turn(lambda: pytest.fail("it runs"), [])
    assert not turn.go_on(KeyboardInterrupt())
    assert turn.ended and turn.result is None
