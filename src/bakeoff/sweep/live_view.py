"""What a sweep shows while it runs: the time that it still takes, and who leads."""

from collections.abc import Iterable, Sequence

from bakeoff.store.record import RunRecord

LEADERS = 3


def seconds_left(
    done: Sequence[float], running: Sequence[float | None], waiting: int, slots: int
) -> float | None:
    """An estimate of the time that a sweep still takes.

    `done`: the seconds that each run took that has ended; `running`: those that each running one still
    takes, None where that is not known yet; `waiting`: how many have not started; `slots`: how many run at
    once. A run of which nothing is known takes as long as the mean of the others. None where nothing is
    known of any.
    """
    known = [seconds for seconds in running if seconds is not None]
    if not done and not known:
        return None
    usual = sum(done) / len(done) if done else max(known)
    left = [usual if seconds is None else seconds for seconds in running]
    total = sum(left) + waiting * usual
    return max([total / max(1, slots), *left])


def leaders(runs: Iterable[RunRecord], count: int = LEADERS) -> list[tuple[str, float, int]]:
    """The best candidates so far: name, mean of the metric over completed runs, and their number."""
    values: dict[str, list[float]] = {}
    names: dict[str, str] = {}
    sign = 1
    for run in runs:
        if run.status == "completed" and run.metric.value is not None:
            key = run.candidate_id or run.candidate
            values.setdefault(key, []).append(run.metric.value)
            names[key] = run.candidate
            sign = -1 if run.metric.direction == "max" else 1
    means = {key: sum(own) / len(own) for key, own in values.items()}
    best = sorted(means, key=lambda key: (sign * means[key], names[key]))[:count]
    return [(names[key], means[key], len(values[key])) for key in best]


def duration(seconds: float | None) -> str:
    """Hours, minutes and seconds, as 1:02:03 or 2:03; a dash for what is not known."""
    if seconds is None:
        return "-"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
