import os
import subprocess
import sys

import pytest
from threadpoolctl import threadpool_info

from scratchlab.kernels import openblas
from scratchlab.kernels.choice import openblas_of_numpy

LIBRARY = openblas_of_numpy()
pytestmark = pytest.mark.skipif(LIBRARY is None, reason="this NumPy has another BLAS")


def test_it_says_what_threadpoolctl_says() -> None:
    assert LIBRARY is not None
    (architecture,) = {info["architecture"] for info in threadpool_info() if info["filepath"] == LIBRARY}
    assert openblas.kernels_of(LIBRARY) == architecture


def test_as_a_script_it_prints_it() -> None:
    assert LIBRARY is not None
    ended = subprocess.run(
        [sys.executable, "-I", "-S", openblas.__file__, LIBRARY],
        env=os.environ | {"OPENBLAS_CORETYPE": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.strip() != ""


def test_a_library_that_does_not_tell() -> None:
    import _ctypes

    assert openblas.kernels_of(_ctypes.__file__) == ""
