"""Losses with their derivative: what starts the way back through a net."""

from torch import Tensor


def cross_entropy(logits: Tensor, labels: Tensor, smoothing: float = 0.0) -> tuple[Tensor, Tensor]:
    """Softmax with cross-entropy, averaged over the batch, and its derivative.

    For logits z (B, C) and labels (B,) of class indices: p = softmax(z), q = (1 - smoothing) times
    the one-hot label plus smoothing / C; L = -sum(q log p) / B, a scalar; dL/dz = (p - q) / B, (B, C).
    The largest logit is subtracted first, which changes nothing but keeps exp finite. Source: Bridle
    (Neurocomputing, 1990); smoothing: Szegedy et al. (CVPR, 2016).
    """
    B, C = logits.shape
    at = labels.unsqueeze(1)
    shifted = logits - logits.amax(dim=1, keepdim=True)
    p = shifted.exp()
    total = p.sum(dim=1, keepdim=True)
    loss = (total.log() - (1 - smoothing) * shifted.gather(1, at)).sum()
    p /= total
    p.scatter_add_(1, at, p.new_full((B, 1), smoothing - 1))
    if smoothing:
        loss -= smoothing / C * shifted.sum()
        p -= smoothing / C
    return loss / B, p.div_(B)


def mean_squared_error(output: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """L = mean((y - t)^2) over all N values of y and t (B, ...), a scalar; dL/dy = 2 (y - t) / N."""
    error = output - target
    return error.square().mean(), error.mul_(2 / error.numel())
