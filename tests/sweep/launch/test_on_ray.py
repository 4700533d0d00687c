"""A sweep on a real Ray cluster of two machines, here two nodes on this one; one of them is lost."""

import os
import signal
import time

import pytest
from tests.sweep.lost_workers import LONG, descendants, numbers

from bakeoff.errors import BakeoffError
from bakeoff.store import record

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("cluster")]
pytest.importorskip("ray", reason="needs Ray: pip install 'bakeoff[ray]'")


@pytest.fixture
def cluster():
    """A head without slots, and two nodes with one each."""
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0}, connect=False)
    cluster.nodes = [cluster.add_node(num_cpus=1) for _ in range(2)]
    yield cluster
    cluster.shutdown()


def lose(node) -> None:
    """End all processes of a node at once, as when its machine loses power."""
    [raylet] = [info.process.pid for info in node.all_processes["raylet"]]
    for process in [raylet, *list(descendants(raylet))]:
        os.kill(process, signal.SIGKILL)


def test_a_lost_machine_costs_no_result_and_doubles_none(workplace, cluster):
    outputs = workplace.folder / "outputs" / "tiny"
    on_ray = ("hydra/launcher=ray", f"hydra.launcher.address={cluster.address}")
    process = workplace.start("run", "tiny", *LONG, *on_ray)
    deadline = time.monotonic() + 200
    begun = 0
    while begun < 2:
        runs = [record.read(path.parent) for path in outputs.glob("2*/*/run.json")]
        begun = sum(run.status == "running" and run.epochs > 1 for run in runs)
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
    lose(cluster.nodes[0])
    _, err = process.communicate(timeout=500)
    assert process.returncode == 0, err
    sweep = (outputs / "latest").resolve()
    logs = [path.read_text() for path in sweep.glob("*/output.log")]
    assert sum("goes on from" in log for log in logs) == 1
    lost = numbers(sweep)
    assert len(lost) == 4 and {status for status, *_ in lost.values()} == {"completed"}

    done = workplace.run("run", "tiny", *LONG, "--fresh")
    assert done.returncode == 0, done.stderr
    assert numbers((outputs / "latest").resolve()) == lost
    assert (outputs / "latest").resolve() != sweep


def test_a_sweep_begun_here_is_finished_on_a_cluster(workplace):
    """And a cluster is started where none is named."""
    process = workplace.start("run", "tiny", *LONG)
    outputs = workplace.folder / "outputs" / "tiny"
    while not any(record.read(p.parent).epochs for p in outputs.glob("2*/*/run.json")):
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    process.communicate()
    done = workplace.run("resume", "tiny/latest", "hydra/launcher=ray")
    assert done.returncode == 0, done.stderr
    sweep = (outputs / "latest").resolve()
    assert {run.status for run in record.read_all(sweep)} == {"completed"}
    assert len(list((sweep / "test_ledger.jsonl").read_text().splitlines())) == 2


def test_a_cluster_that_is_not_there_and_slots_that_it_has_not_are_said(workplace):
    done = workplace.run("run", "tiny", "hydra/launcher=ray", "hydra.launcher.cpus=999")
    assert done.returncode == 1
    assert "hydra.launcher.cpus: a job asks for 999, and the Ray cluster has" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_address_without_a_cluster_is_said():
    from bakeoff.sweep.launch.on_ray import cluster

    with (
        pytest.raises(BakeoffError, match=r"cannot reach a Ray cluster at 127.0.0.1:1"),
        cluster("127.0.0.1:1"),
    ):
        pass
