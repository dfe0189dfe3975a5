"""The kernels with which NumPy multiplies matrices, chosen before NumPy is imported.

- `choice`: uses AVX-512 where OpenBLAS would not
- `openblas`: asks OpenBLAS which kernels it uses
"""

from scratchlab.kernels.choice import choose_kernels, kernels_in_use

__all__ = ["choose_kernels", "kernels_in_use"]
