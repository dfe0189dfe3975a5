from pathlib import Path

import pytest

from scratchlab.data import DataFileError
from scratchlab.data.files import memory
from scratchlab.data.files.memory import available_bytes, demand_memory


def test_linux_says_what_is_available(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:       8000000 kB\nMemAvailable:   2097152 kB\n")
    monkeypatch.setattr(memory, "MEMINFO", meminfo)
    assert available_bytes() == 2 << 30


@pytest.mark.parametrize("content", [None, "", "MemAvailable:\n", "MemAvailable: much\n"])
def test_other_systems_say_what_they_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    meminfo = tmp_path / "meminfo"
    if content is not None:
        meminfo.write_text(content)
    monkeypatch.setattr(memory, "MEMINFO", meminfo)
    monkeypatch.setattr("os.sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 1000}.__getitem__)
    assert available_bytes() == 4_096_000


def test_where_no_system_says_it_nothing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> int:
        raise ValueError(name)

    monkeypatch.setattr(memory, "MEMINFO", tmp_path / "absent")
    monkeypatch.setattr("os.sysconf", unknown)
    assert available_bytes() is None
    demand_memory(tmp_path, 1 << 60, advice="")


def test_what_does_not_fit_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: 1 << 30)
    demand_memory(Path("file"), 1 << 30, advice="take less")
    with pytest.raises(DataFileError) as caught:
        demand_memory(Path("file"), 3 << 29, advice="take less")
    assert str(caught.value) == (
        "file: expected data that fit into the available memory, 1.0 GiB, found about 1.5 GiB; take less"
    )
