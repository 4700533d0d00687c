"""A fork server outlives SIGTERM to all processes; the jobs that it starts take the signal."""

import signal
import subprocess
import sys

SCRIPT = """
import os, signal, time
from multiprocessing import forkserver
from bakeoff.sweep.launch import start_method
start_method.PRELOAD.clear()

def job(sender):
    start_method.take_sigterm()
    sender.send("begun")
    time.sleep(60)

if __name__ == "__main__":
    context = start_method.start_method()
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=job, args=(sender,))
    process.start()
    receiver.recv()
    os.kill(forkserver._forkserver._forkserver_pid, signal.SIGTERM)
    process.terminate()
    process.join()
    print(process.exitcode)
"""


def test_sigterm_ends_the_job_and_not_its_server(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, tmp_path / "script.py"], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == -signal.SIGTERM  # 255 where the server has ended
