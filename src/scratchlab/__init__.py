"""Neural networks written from scratch in NumPy, composed by Hydra, recorded by MLflow."""

import sys

from scratchlab.kernels import choose_kernels

if sys.platform == "win32":
    raise SystemExit("scratchlab runs on Linux and macOS. On Windows, use it in WSL: https://aka.ms/wsl")

choose_kernels()  # here, because it is too late once any part of the package has imported NumPy
