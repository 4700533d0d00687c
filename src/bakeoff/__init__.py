"""bakeoff: which of these models should I use for this task? Answered with evidence."""

__version__ = "0.1.0"
