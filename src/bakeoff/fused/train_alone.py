"""What ends the attempt to train runs together."""


class TrainAloneError(Exception):
    """These runs cannot train together, or it would not pay: they are to be trained alone."""
