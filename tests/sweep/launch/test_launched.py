"""What launchers note of a job."""

import pytest

from bakeoff.store import record
from bakeoff.store.record import Metric, RunRecord
from bakeoff.sweep.launch.launched import close_record, failed, labels, whole


def running(folder, status="running"):
    run = RunRecord("r", status, "e", "t", "c", [], 0, Metric("m", "max"))
    run.write(folder)


def test_a_job_is_called_by_what_tells_it_apart(jobs, tmp_path):
    made = list(map(whole, jobs("ab")[0]))
    assert labels(made) == ["+x=a", "+x=b"]
    assert labels(made[:1]) == ["+x=a"]
    assert [job.run_dir for job in made] == [tmp_path / "joba", tmp_path / "jobb"]
    assert [job.sections for job in made] == [{"x": "a"}, {"x": "b"}]


def test_a_running_record_is_closed_and_another_stays(tmp_path):
    running(tmp_path)
    close_record(tmp_path, "interrupted", "why")
    closed = record.read(tmp_path)
    assert (closed.status, closed.error) == ("interrupted", "why")
    close_record(tmp_path, "failed", "another")
    assert record.read(tmp_path) == closed
    close_record(tmp_path / "nowhere", "failed", "why")
    assert not (tmp_path / "nowhere").exists()


def test_a_failed_job_ends_the_command_and_is_in_its_record(jobs, tmp_path):
    [config], _ = jobs("a")
    running(tmp_path / "joba")
    job = failed(whole(config), "why")
    with pytest.raises(SystemExit):
        _ = job.return_value
    assert record.read(tmp_path / "joba").error == "why"
