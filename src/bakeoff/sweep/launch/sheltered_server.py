"""For the fork server alone, which imports this first: SIGTERM does not end it.

Slurm, systemd and others send that signal to every process of a job. Without its server, a launcher does
not hear how the runs end that were asked to save what they have.
"""

import signal

signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
