"""The question which kernels OpenBLAS uses.

As a script, `python openblas.py LIBRARY` asks it in a process of its own.
"""

import ctypes
import sys  # and nothing else: the script is waited for whenever scratchlab starts


def kernels_of(library: str) -> str:
    """Return the name of the kernels of an OpenBLAS library in this process, which loads it if it has not yet.

    It is empty where the library does not tell.
    """
    openblas = ctypes.CDLL(library)
    for integers in ("64_", ""):  # NumPy's is built for those of 64 bits, or of 32
        try:
            name = openblas[f"scipy_openblas_get_corename{integers}"]
        except AttributeError:
            continue
        name.restype = ctypes.c_char_p
        return bytes(name()).decode()
    return ""


if __name__ == "__main__":
    print(kernels_of(sys.argv[1]))
