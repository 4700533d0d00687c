"""Student's t distribution. By `scipy.special`: importing `scipy.stats` takes half a second."""

from scipy import special


def quantile(probability: float, df: float) -> float:
    """The t that is not exceeded with the given probability, df degrees of freedom."""
    return float(special.stdtrit(df, probability))


def upper_tail(t: float, df: float) -> float:
    """P(T > t)."""
    return float(special.stdtr(df, -t))
