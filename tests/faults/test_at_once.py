"""Two commands work on one sweep at once."""

import pytest
from tests.faults.checks import check_whole, intact
from tests.faults.place import Place

pytestmark = pytest.mark.slow


def test_two_tests_at_once_open_the_test_set_once(concluding: Place, reference):
    finished = intact(concluding.sweep)
    both = [concluding.start("test", "small/latest") for _ in range(2)]
    said = [process.communicate(timeout=300) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert intact(concluding.sweep) == finished
    check_whole(concluding, reference)


def test_of_two_resumes_at_once_one_goes_on(concluding: Place, reference):
    both = [concluding.start("resume", "small/latest") for _ in range(2)]
    said = [process.communicate(timeout=300) for process in both]
    # The second is refused while the first works, and finds everything done after that.
    assert 0 in [process.returncode for process in both], said
    for process, (_, err) in zip(both, said, strict=True):
        assert "Traceback" not in err
        assert process.returncode == 0 or (process.returncode == 1 and "is in use by" in err), err
    check_whole(concluding, reference)
