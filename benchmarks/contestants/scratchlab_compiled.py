"""This project's trainer with its compiled Adam."""

import scratchlab  # noqa: F401  # isort: skip (before NumPy: it chooses the kernels)

from functools import partial

from benchmarks.contestants.job import serve
from benchmarks.contestants.scratchlab_numpy import do
from scratchlab.nn import CompiledAdam

if __name__ == "__main__":
    serve(partial(do, adam=CompiledAdam))
