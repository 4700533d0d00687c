"""From logits to the class that they speak of."""

from torch import Tensor

from bakeoff.images.finding import Finding


def findings(output: Tensor, height: int, width: int) -> list[list[Finding]]:
    """The likeliest class of each image, with its probability; it is about the whole image.

    `output` (B, C) logits; the size of the images does not matter.
    """
    probability, labels = output.softmax(dim=1).max(dim=1)
    pairs = zip(labels.tolist(), probability.tolist(), strict=True)
    return [[Finding(label, score)] for label, score in pairs]
