"""Convolution as a matrix product.

Shapes: B images, C channels in, K kernels (channels out), H x W pixels in, h x w out, a kernel of
m x n, so that h = H - m + 1 and w = W - n + 1.
"""

import torch
from torch import Tensor

from bakeoff.nets.scratch.batch_last import from_batch_last, to_batch_last
from bakeoff.nets.scratch.layer import Layer, add_gradient


class Convolution(Layer):
    """y[b, k, i, j] = bias[k] + sum over c, u, v of weight[k, c, u, v] x[b, c, i + u, j + v].

    Stride 1, no padding. Every window of x becomes a column of a matrix ("im2col": Chellapilla, Puri &
    Simard, 2006); then it is a linear layer over the windows, and dL/dx adds each window's derivative
    to the pixels it came from.
    """

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__(weight=weight, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) -> (B, K, h, w)."""
        K, C, m, n = self.weight.shape
        windows = to_batch_last(x).unfold(1, m, 1).unfold(2, n, 1)  # C h w B m n, a view
        _, h, w, B = windows.shape[:4]
        columns = windows.permute(0, 4, 5, 1, 2, 3).reshape(C * m * n, h * w * B)
        self.keep((columns, x.shape))
        y = torch.addmm(self.bias.unsqueeze(1), self.weight.view(K, -1), columns)
        return from_batch_last(y.view(K, h, w, B))

    def backward(self, delta: Tensor) -> Tensor:
        _, (B, C, H, W) = self.kept
        K, _, m, n = self.weight.shape
        h, w = delta.shape[2:]
        d_columns = self.weight.view(K, -1).t().mm(self._rows(delta)).view(C, m, n, h, w, B)
        d_x = delta.new_zeros(C, H, W, B)
        for u in range(m):
            for v in range(n):
                d_x[:, u : u + h, v : v + w] += d_columns[:, u, v]
        return from_batch_last(d_x)

    def accumulate(self, delta: Tensor, beta: float) -> None:
        rows, (columns, _) = self._rows(delta), self.kept
        d_weight = self.gradient["weight"].view(len(rows), -1)
        torch.addmm(d_weight, rows, columns.t(), beta=beta, out=d_weight)
        add_gradient(self.gradient["bias"], beta, rows.sum(dim=1))

    def _rows(self, delta: Tensor) -> Tensor:
        """(B, K, h, w) -> (K, h w B): a row for each kernel, in the order of the columns."""
        return to_batch_last(delta).view(len(self.weight), -1)
