"""From 15 numbers to the digit that they speak of."""

import torch
from torch import Tensor

from bakeoff.images.boxes import xywh_to_xyxy
from bakeoff.images.finding import Finding


def findings(output: Tensor, height: int, width: int, threshold: float) -> list[list[Finding]]:
    """The digit in each image of `height` x `width` pixels, none where sigmoid(p_c) is below `threshold`.

    `output` (B, 5 + C). The score is sigmoid(p_c) times the class probability; the box is within the
    image.
    """
    size = output.new_tensor([width, height, width, height])
    boxes = torch.minimum((xywh_to_xyxy(output[:, 1:5]) * size).clamp(min=0), size).tolist()
    confidence = output[:, 0].sigmoid()
    probability, labels = output[:, 5:].softmax(dim=1).max(dim=1)
    rows = zip(confidence.tolist(), probability.tolist(), labels.tolist(), boxes, strict=True)
    return [
        [Finding(label, present * right, tuple(box))] if present >= threshold else []
        for present, right, label, box in rows
    ]
