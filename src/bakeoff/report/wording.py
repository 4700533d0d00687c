"""Numbers, times and sizes as people read them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from math import floor, isfinite, log10
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markupsafe import Markup

MOST_NAMED = 5  # sweeps that are named in a list
LONG_PART = 24  # letters of a name without `/` or `,` that fit a narrow column
# Between the words of a long part, but not in a decimal (0.7867), a sign (=-0.5) or a power of ten (1e-3).
SEAM = re.compile(r"(?<=[-_.=:])(?!(?<=\d\.)\d|(?<=[=:[]-)[\d.]|(?<=\de-)\d)")


def counted(count: int, noun: str) -> str:
    """A number of things: '1 run', '2 runs'."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def decimals(values: Iterable[float | None], spreads: Iterable[float | None] = ()) -> int:
    """Choose decimals that show four digits of the largest value and two of the least spread."""
    sizes = [abs(value) for value in values if value]
    spreads = [spread for spread in spreads if spread]
    largest = max(sizes, default=1.0)
    smallest = min(spreads, default=largest)
    return min(max(3 - floor(log10(largest)), 1 - floor(log10(smallest)), 0), 6)


def few_decimals(values: Iterable[float | None]) -> int:
    """The decimals of a table that is read at a glance: four at most."""
    return min(4, decimals(values))


def number(value: float | None, digits: int = 4) -> str:
    """Write a value with `digits` decimals, in powers of ten where these would show nothing."""
    if value is None or not isfinite(value):
        return "–"
    text = f"{value:.{digits}f}"
    if value and not float(text):
        text = f"{value:.1e}"
    return text.replace("-", "\N{MINUS SIGN}")


def signed(value: float, digits: int) -> str:
    """Write a difference with its sign."""
    return ("+" if value > 0 else "") + number(value, digits)


def breakable(name: str) -> "Markup":
    """Let a line break after what separates the words of a name rather than anywhere in it: `/` and `,`,
    and of a long part also what joins words.
    """
    from markupsafe import Markup

    parts = re.split(r"(?<=[/,])", name)
    return Markup("<wbr>").join(
        Markup("<wbr>").join(SEAM.split(part)) if len(part) > LONG_PART else part for part in parts
    )


def prose(text: str) -> "Markup":
    """A sentence in which what stands between backticks is code, and lines break as in `breakable`."""
    from markupsafe import Markup

    parts = [
        Markup("").join(breakable(word) for word in re.split(r"(\s+)", part))
        for part in text.replace(" %", "\N{NO-BREAK SPACE}%").split("`")
    ]
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else part
        for number, part in enumerate(parts)
    )


def sentence_case(text: str) -> str:
    """The text with its first letter as at the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def count(value: int | None) -> str:
    """Write a whole number with its thousands apart."""
    return "–" if value is None else f"{value:,}"


def thousands(value: float | None) -> str:
    """Write a mean of whole numbers, from ten thousand on in thousands, millions or billions."""
    if value is None:
        return "–"
    for factor, unit in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if value >= max(factor, 1e4):
            return f"{value / factor:.3g}{unit}"
    return f"{value:,.0f}"


def duration(seconds: float | None) -> str:
    """Write a time in the units that matter: 200 is 3 min 20 s, 0.000012 is 12 µs."""
    if seconds is None:
        return "–"
    if 0 < seconds < 0.05:
        unit, factor = ("ms", 1e3) if seconds >= 0.9995e-3 else ("µs", 1e6)
        return f"{seconds * factor:.3g} {unit}"
    if seconds < 59.5:
        return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def size(octets: int | None) -> str:
    """Write a number of bytes in kilobytes, megabytes or gigabytes."""
    if octets is None:
        return "–"
    if octets >= 1e9:
        return f"{octets / 1e9:.1f} GB"
    return f"{octets / 1e6:.0f} MB" if octets >= 9.95e6 else f"{octets / 1e3:,.0f} kB"


def earlier_openings(openings: Sequence[Mapping[str, Any]]) -> str:
    """Say how often, when and by which sweeps the same test data were opened before."""
    where = [
        f"{line['sweep']} ({line['time'][:10] or 'its ledger is damaged'})" for line in openings
    ]
    shown = where[:MOST_NAMED]
    more = f" and {len(where) - len(shown)} more" if len(where) > len(shown) else ""
    return f"the same test data, {often(len(openings))}: {', '.join(shown)}{more}"


def often(times: int) -> str:
    """Say how many times."""
    return "once" if times == 1 else f"{times} times"


def against_words(other: Mapping[str, Any]) -> str:
    """Say what another candidate reaches on the test data, and how far the selected one is from it."""
    interval = other["ci95"]
    reach = f", 95 % interval {interval[0]:+.4g} to {interval[1]:+.4g}" if interval else ""
    return (
        f"{other['candidate']} reaches {other['value']:.4g} on the same data: the selected one minus it is "
        f"{other['difference']:+.4g}{reach}"
    )
