"""Whether runs that are added to a sweep will be evaluated on the data that its runs were evaluated on."""

import json
from collections.abc import Iterable, Sequence

from bakeoff.errors import BakeoffError
from bakeoff.identity.candidate import fold_of
from bakeoff.run.parts.build import set_up_data
from bakeoff.store.record import RunRecord
from bakeoff.sweep.compose.jobs import Job


def refuse_other_data(jobs: Iterable[Job], runs: Sequence[RunRecord]) -> None:
    """Raises BakeoffError where a job's data are not those of the sweep's runs of the same fold."""
    known: dict[str, set[str]] = {}
    for run in runs:
        if run.data_fingerprint is not None:
            known.setdefault(fold_of(run.overrides), set()).add(run.data_fingerprint)
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
                f"{found[key][:12]}) than the runs of this sweep "
                f"({', '.join(one[:12] for one in sorted(expected))}), so their numbers would not compare: "
                "keep the sweep's data, or make a sweep of its own"
            ] = None
    if mistakes:
        raise BakeoffError("\n".join(mistakes))
