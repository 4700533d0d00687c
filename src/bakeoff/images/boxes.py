"""Box geometry: intersection over union and the losses of its family.

Boxes are tensors (..., 4). `xywh`: centre x, centre y, width, height; `xyxy`: left, top, right, bottom.
Any unit, the same for both boxes; shapes broadcast.
"""

import math

import torch
from torch import Tensor

EPSILON = 1e-9  # keeps 0 / 0 of two empty boxes at 0


def xywh_to_xyxy(boxes: Tensor) -> Tensor:
    """Corners of boxes given by centre and size; a size counts without its sign.

    (Clamping it at zero instead would leave a net that once predicts a negative size without a
    gradient to come back.)
    """
    centre, half = boxes[..., :2], boxes[..., 2:].abs() / 2
    return torch.cat([centre - half, centre + half], dim=-1)


def xyxy_to_xywh(boxes: Tensor) -> Tensor:
    """Centre and size of boxes given by their corners."""
    low, high = boxes[..., :2], boxes[..., 2:]
    return torch.cat([(low + high) / 2, high - low], dim=-1)


def iou(a: Tensor, b: Tensor) -> Tensor:
    """Intersection over union (...,) of boxes `a` and `b`, both xyxy; 0 where both are empty."""
    overlap, union = _overlap_and_union(a, b)
    return overlap / (union + EPSILON)


def iou_loss(a: Tensor, b: Tensor) -> Tensor:
    """1 - IoU of xywh boxes, (...,)."""
    return 1 - iou(xywh_to_xyxy(a), xywh_to_xyxy(b))


def giou_loss(a: Tensor, b: Tensor) -> Tensor:
    """1 - GIoU of xywh boxes, (...,): IoU less the empty share of the enclosing box.

    GIoU = IoU - (|C| - |A u B|) / |C|, C the smallest box around both (Rezatofighi et al., CVPR 2019).
    """
    a, b = xywh_to_xyxy(a), xywh_to_xyxy(b)
    overlap, union = _overlap_and_union(a, b)
    enclosing = _area(_enclosing_size(a, b))
    return 1 - overlap / (union + EPSILON) + (enclosing - union) / (enclosing + EPSILON)


def diou_loss(a: Tensor, b: Tensor) -> Tensor:
    """1 - DIoU of xywh boxes, (...,): IoU less the squared distance of the centres.

    DIoU = IoU - d^2 / c^2, d between the centres, c the enclosing box's diagonal (Zheng et al.,
    AAAI 2020).
    """
    distance = (a[..., :2] - b[..., :2]).square().sum(dim=-1)
    a, b = xywh_to_xyxy(a), xywh_to_xyxy(b)
    diagonal = _enclosing_size(a, b).square().sum(dim=-1)
    return 1 - iou(a, b) + distance / (diagonal + EPSILON)


def ciou_loss(a: Tensor, b: Tensor) -> Tensor:
    """1 - CIoU of xywh boxes, (...,): DIoU less a term for the aspect ratio (Zheng et al., AAAI 2020).

    CIoU = DIoU - alpha v, v = 4 / pi^2 (atan(w_b / h_b) - atan(w_a / h_a))^2,
    alpha = v / (1 - IoU + v) held constant.
    """
    angle = torch.atan2(a[..., 2].abs(), a[..., 3].abs() + EPSILON)
    wanted = torch.atan2(b[..., 2], b[..., 3] + EPSILON)
    v = 4 / math.pi**2 * (wanted - angle).square()
    with torch.no_grad():
        alpha = v / (iou_loss(a, b) + v + EPSILON)
    return diou_loss(a, b) + alpha * v


def squared_loss(a: Tensor, b: Tensor) -> Tensor:
    """Mean squared difference of the four numbers, (...,)."""
    return (a - b).square().mean(dim=-1)


def _overlap_and_union(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    low = torch.maximum(a[..., :2], b[..., :2])
    high = torch.minimum(a[..., 2:], b[..., 2:])
    overlap = _area((high - low).clamp(min=0))
    area_a = _area(a[..., 2:] - a[..., :2])
    area_b = _area(b[..., 2:] - b[..., :2])
    return overlap, area_a + area_b - overlap


def _area(size: Tensor) -> Tensor:
    """Width times height of (..., 2). The gradient of `prod` would wait for a GPU: it looks for zeros."""
    width, height = size.unbind(-1)
    return width * height


def _enclosing_size(a: Tensor, b: Tensor) -> Tensor:
    return torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
