"""From images to vectors."""

from torch import Tensor

from bakeoff.nets.scratch.layer import Layer


class Flatten(Layer):
    """(B, ...) -> (B, the product of the rest), and back."""

    def forward(self, x: Tensor) -> Tensor:
        """In the order of the dimensions, whatever the memory format."""
        self.keep(x.shape)
        return x.reshape(len(x), -1)

    def backward(self, delta: Tensor) -> Tensor:
        return delta.reshape(self.kept)
