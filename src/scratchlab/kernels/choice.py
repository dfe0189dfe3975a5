"""The choice of the kernels that NumPy multiplies matrices with.

OpenBLAS, which NumPy brings along, picks its kernels once, when it is loaded, by the model of the processor. On a
model that is newer than itself it takes those for AVX2, even where the processor has AVX-512, and multiplies at half
the speed. `OPENBLAS_CORETYPE` in the environment overrules it, in this process and in all that are started from it.
"""

import os
import subprocess
import sys
import warnings
from importlib.util import find_spec
from pathlib import Path

from scratchlab.kernels import openblas

CORE_TYPE = "OPENBLAS_CORETYPE"
AVX2_KERNELS = frozenset({"Haswell", "Zen"})
AVX512_KERNELS = "SkylakeX"
AVX512_FLAGS = frozenset({"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"})
"""All that the kernels called SkylakeX need, by the names that Linux has for it."""


def choose_kernels() -> None:
    """Set `OPENBLAS_CORETYPE` where OpenBLAS would leave the processor's AVX-512 unused.

    Nothing is done where that variable is set already, if only to nothing; on a processor without AVX-512, or a system
    that is not Linux; with NumPy built on another BLAS; and where OpenBLAS picks well by itself. Where NumPy has been
    imported before, it is too late: a warning says how to get the kernels.
    """
    library = openblas_of_numpy()
    if CORE_TYPE in os.environ or library is None or not processor_flags() >= AVX512_FLAGS:
        return
    if "numpy" in sys.modules:
        if openblas.kernels_of(library) in AVX2_KERNELS:
            warnings.warn(
                "NumPy was imported before scratchlab and multiplies matrices at half of this processor's speed: "
                f"import scratchlab first, or set {CORE_TYPE}={AVX512_KERNELS} in the environment (setting it to "
                "nothing ends this warning)",
                stacklevel=3,
            )
    elif picked(library) in AVX2_KERNELS and picked(library, core_type=AVX512_KERNELS) == AVX512_KERNELS:
        os.environ[CORE_TYPE] = AVX512_KERNELS


def kernels_in_use() -> str:
    """Return the name of the kernels that NumPy multiplies matrices with, `unknown` where they are another BLAS's."""
    library = openblas_of_numpy()
    return (library is not None and openblas.kernels_of(library)) or "unknown"


def openblas_of_numpy() -> str | None:
    """Return the path of the OpenBLAS that NumPy's wheels for Linux bring along, None where NumPy has another BLAS."""
    numpy = find_spec("numpy")
    if numpy is None or numpy.origin is None:
        return None
    libraries = (Path(numpy.origin).parents[1] / "numpy.libs").glob("libscipy_openblas*.so")
    return next(map(str, libraries), None)


def processor_flags(cpuinfo: Path = Path("/proc/cpuinfo")) -> frozenset[str]:
    """Return what the first processor can do according to Linux; nothing elsewhere, and nothing where it is not x86."""
    try:
        with cpuinfo.open() as lines:
            for line in lines:
                key, _, value = line.partition(":")
                if key.strip() == "flags":
                    return frozenset(value.split())
    except OSError:
        pass
    return frozenset()


def picked(library: str, *, core_type: str | None = None) -> str:
    """Return the kernels that OpenBLAS picks in a new process, with a core type in its environment or without.

    It is empty where no such process can be had.
    """
    try:
        asked = subprocess.run(
            [sys.executable, "-I", "-S", openblas.__file__, library],
            env=os.environ if core_type is None else os.environ | {CORE_TYPE: core_type},
            capture_output=True,
            text=True,
            timeout=5,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.strip()
