"""Whether runs that are added to a sweep will be evaluated on the data that its runs were evaluated on."""

import json
from collections.abc import Iterable, Sequence

from bakeoff.errors import BakeoffError
from bakeoff.identity.candidate import fold_of
from bakeoff.run.parts.build import set_up_data
from bakeoff.store.record import RunRecord
from bakeoff.sweep.compose.jobs import Job
from bakeoff.sweep.data_seen import data_seen


def refuse_other_data(jobs: Iterable[Job], runs: Sequence[RunRecord]) -> None:
    """Raises BakeoffError where a job's data are not those of the sweep's completed runs of the same fold,
    or where these were evaluated on different data already.
    """
    known = data_seen(runs)
    if mixed := [list(seen) for seen in known.values() if len(seen) > 1]:
        raise BakeoffError(
            f"the runs of this sweep were evaluated on different data already (fingerprints "
            f"{_shown(mixed[0])}): no run that is added gives it a winner; run the experiment anew"
        )
    found: dict[str, str] = {}  # fingerprints by the config of the data
    mistakes = {}
    for job in jobs:
        expected = known.get(fold_of(job.overrides))
        key = json.dumps(job.sections["data"], sort_keys=True, default=str)
        if key not in found:
            found[key] = set_up_data(job.config).fingerprint
        if expected and found[key] not in expected:
            mistakes[
                f"{' '.join(job.overrides)}: would be evaluated on other data (fingerprint "
                f"{_shown([found[key]])}) than the runs of this sweep ({_shown(expected)}), so their "
                "numbers would not compare: keep the sweep's data, or make a sweep of its own"
            ] = None
    if mistakes:
        raise BakeoffError("\n".join(mistakes))


def _shown(fingerprints: Iterable[str]) -> str:
    return ", ".join(one[:12] for one in fingerprints)
