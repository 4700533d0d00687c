"""Ticks of an axis that are few and read well."""

from math import ceil, floor, log10

Tick = tuple[float, str]  # its value, and what is written there
STEPS = (1, 2, 2.5, 5)  # times a power of ten
LONG = 200  # times from one limit of a log axis to the other, from which on powers of ten suffice
MOST_POWERS = 7
MOST_DECIMALS, LARGE = 7, 1e6  # of a number that is written out


def short_number(value: float) -> str:
    """Write a count as an axis shows it: 1500 is 1.5k."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:g}{unit}"
    return f"{value:g}"


def linear_ticks(limits: tuple[float, float], most: int, whole: bool = False) -> list[Tick]:
    """Multiples of a round step within the limits, `most` intervals or fewer; `whole`: of a whole step."""
    low, high = limits
    power = floor(log10((high - low) / most))
    steps = ((step, at) for at in range(power, power + 3) for step in STEPS)
    step, decimals = next(
        (step * 10.0**at, max(0, (step % 1 > 0) - at))
        for step, at in steps
        if step * 10.0**at * most >= high - low and not (whole and step * 10.0**at % 1)
    )
    # Of what rounding leaves over, a limit that is a tick itself stays one.
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    values = [step * at for at in range(first, last + 1)]
    plain = decimals <= MOST_DECIMALS and max(abs(low), abs(high)) < LARGE
    written = (f"{value:.{decimals}f}" if plain else short_number(value) for value in values)
    return [(value, text.replace("-", "−")) for value, text in zip(values, written, strict=True)]


def log_ticks(limits: tuple[float, float]) -> list[Tick]:
    """Powers of ten within the limits, and 2 and 5 times as much where these alone would be too few."""
    low, high = limits
    powers = range(floor(log10(low)), ceil(log10(high)) + 1)
    if high / low >= LONG:
        values = [10.0**at for at in powers[:: ceil(len(powers) / MOST_POWERS)]]
    else:
        values = [times * 10.0**at for at in powers for times in (1, 2, 5)]
    values = [value for value in values if low <= value <= high]
    if len(values) < 2:
        values = [value for value, _ in linear_ticks(limits, 4)]
    return [(value, short_number(value)) for value in values]
