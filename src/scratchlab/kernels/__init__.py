"""The kernels that NumPy multiplies matrices with: the choice between them, made before NumPy is imported."""

from scratchlab.kernels.choice import choose_kernels, kernels_in_use

__all__ = ["choose_kernels", "kernels_in_use"]
