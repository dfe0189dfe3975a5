"""Neural networks written from scratch in NumPy, composed by Hydra, recorded by MLflow."""

from scratchlab.kernels import choose_kernels

choose_kernels()  # here, because it is too late once any part of the package has imported NumPy
