import os
import subprocess
import sys
from pathlib import Path

import pytest

from scratchlab.kernels import choice, choose_kernels, kernels_in_use, openblas
from scratchlab.kernels.choice import AVX512_FLAGS, CORE_TYPE

LIBRARY = choice.openblas_of_numpy()
needs_openblas = pytest.mark.skipif(
    LIBRARY is None or not choice.processor_flags(), reason="no OpenBLAS, or not on an x86 processor"
)


class Machine:
    """A machine as the choice sees it, and whether it asked OpenBLAS at all."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.flags = AVX512_FLAGS | {"sse2"}
        self.library: str | None = "libscipy_openblas.so"
        self.picks: dict[str | None, str] = {None: "Haswell", "SkylakeX": "SkylakeX"}
        self.num_questions = 0
        patch.setenv(CORE_TYPE, "")  # so that what the choice sets is undone
        patch.delenv(CORE_TYPE)
        patch.setattr(choice, "processor_flags", lambda: self.flags)
        patch.setattr(choice, "openblas_of_numpy", lambda: self.library)
        patch.setattr(choice, "picked", self.picked)
        patch.setattr(openblas, "kernels_of", lambda library: self.picks[None])

    def picked(self, library: str, *, core_type: str | None = None) -> str:
        assert library == self.library
        self.num_questions += 1
        return self.picks[core_type]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


@pytest.fixture
def fresh(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """The machine in a process that has not imported NumPy."""
    monkeypatch.delitem(sys.modules, "numpy")
    return machine


@pytest.mark.parametrize("picked", ["Haswell", "Zen"])
def test_avx512_is_used_where_openblas_would_not(fresh: Machine, picked: str) -> None:
    fresh.picks[None] = picked
    choose_kernels()
    assert os.environ[CORE_TYPE] == "SkylakeX"


@pytest.mark.parametrize("picked", ["SkylakeX", "Cooperlake", "SapphireRapids", "Prescott", ""])
def test_what_openblas_picks_stays_where_it_is_good_or_unknown(fresh: Machine, picked: str) -> None:
    fresh.picks[None] = picked
    choose_kernels()
    assert CORE_TYPE not in os.environ


@pytest.mark.parametrize("chosen", ["Haswell", ""])
def test_the_users_own_choice_wins(fresh: Machine, monkeypatch: pytest.MonkeyPatch, chosen: str) -> None:
    monkeypatch.setenv(CORE_TYPE, chosen)
    choose_kernels()
    assert os.environ[CORE_TYPE] == chosen
    assert fresh.num_questions == 0


@pytest.mark.parametrize("missing", sorted(AVX512_FLAGS))
def test_every_flag_is_needed(fresh: Machine, missing: str) -> None:
    fresh.flags = fresh.flags - {missing}
    choose_kernels()
    assert CORE_TYPE not in os.environ
    assert fresh.num_questions == 0


def test_another_blas_is_left_alone(fresh: Machine) -> None:
    fresh.library = None
    choose_kernels()
    assert CORE_TYPE not in os.environ


@pytest.mark.parametrize("answer", ["Haswell", ""])
def test_an_openblas_without_the_better_kernels_is_left_alone(fresh: Machine, answer: str) -> None:
    fresh.picks["SkylakeX"] = answer
    choose_kernels()
    assert CORE_TYPE not in os.environ


def test_with_numpy_there_already_a_warning_says_what_to_do(machine: Machine) -> None:
    with pytest.warns(UserWarning, match="import scratchlab first, or set OPENBLAS_CORETYPE=SkylakeX"):
        choose_kernels()
    assert CORE_TYPE not in os.environ


def test_with_numpy_there_already_and_good_kernels_nothing_is_said(machine: Machine) -> None:
    machine.picks[None] = "SkylakeX"
    choose_kernels()


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("processor\t: 0\nflags\t\t: fpu avx512f\nbugs\t\t: x\nflags\t\t: other\n", {"fpu", "avx512f"}),
        ("processor\t: 0\nFeatures\t: fp asimd sve\n", set()),
        ("", set()),
    ],
)
def test_flags_as_linux_writes_them(tmp_path: Path, text: str, flags: set[str]) -> None:
    (tmp_path / "cpuinfo").write_text(text)
    assert choice.processor_flags(tmp_path / "cpuinfo") == flags


def test_a_system_without_such_a_file_has_no_flags(tmp_path: Path) -> None:
    assert choice.processor_flags(tmp_path / "cpuinfo") == set()


@needs_openblas
def test_openblas_itself_says_what_it_picks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert LIBRARY is not None
    monkeypatch.setenv(CORE_TYPE, "Nehalem")
    assert choice.picked(LIBRARY) == "Nehalem"
    assert choice.picked(LIBRARY, core_type="Sandybridge") == "Sandybridge"


def test_where_nothing_can_be_asked_there_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choice.picked("/no/such/library.so") == ""
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert choice.picked("/no/such/library.so") == ""


@needs_openblas
def test_what_is_chosen_is_what_numpy_then_has_and_all_processes_after_it(tmp_path: Path) -> None:
    # OpenBLAS picks badly here, as far as the choice is told; the kernels called Nehalem run on every x86 processor.
    (tmp_path / "notebook.py").write_text(f"""
import subprocess, sys
from scratchlab.kernels import choice, openblas
choice.AVX512_KERNELS, choice.AVX512_FLAGS = "Nehalem", frozenset()
choice.picked = lambda library, core_type=None: "Haswell" if core_type is None else core_type
choice.choose_kernels()
import numpy
print(openblas.kernels_of({LIBRARY!r}), flush=True)
subprocess.run([sys.executable, openblas.__file__, {LIBRARY!r}])
""")
    environment = {name: value for name, value in os.environ.items() if name != CORE_TYPE}
    ended = subprocess.run(
        [sys.executable, tmp_path / "notebook.py"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.split() == ["Nehalem", "Nehalem"]


def test_the_kernels_are_named_for_the_record(machine: Machine) -> None:
    assert kernels_in_use() == "Haswell"
    machine.picks[None] = ""
    assert kernels_in_use() == "unknown"
    machine.library = None
    assert kernels_in_use() == "unknown"


@pytest.mark.parametrize(
    "first", ["scratchlab", "scratchlab.config.launch", "scratchlab.nn", "train", "check"]
)
def test_the_choice_comes_before_numpy(repository: Path, first: str) -> None:
    code = f"""
import importlib.util, sys
real, found = importlib.util.find_spec, []
def find_spec(name, package=None):
    if name == "numpy":
        found.append("numpy" in sys.modules)
    return real(name, package)
importlib.util.find_spec = find_spec
import {first}
print(found)
"""
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "[False]"
