import ctypes
import os
import signal
import sys
import threading
import time

import pytest

from scratchlab.processes.signals import ending_is_heeded
from scratchlab.tracking import Terminated, signals_as_exceptions, signals_held_back


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_an_exception_inside_the_block(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(Terminated, match=f"ended by {number.name}") as caught, signals_as_exceptions():
        os.kill(os.getpid(), number)
    assert caught.value.signal == number
    assert signal.getsignal(number) is before


def test_code_that_goes_on_after_errors_does_not_go_on_after_it() -> None:
    assert not issubclass(Terminated, Exception)


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals_as_exceptions():
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_in_another_thread_nothing_changes() -> None:
    inside = []

    def enter() -> None:
        with signals_as_exceptions():
            inside.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert inside == [signal.getsignal(signal.SIGTERM)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("seconds", [0, 60], ids=["at the end", "meanwhile"])
def test_an_exception_that_python_loses_is_raised_again(
    monkeypatch: pytest.MonkeyPatch, number: signal.Signals, seconds: float
) -> None:
    """In the midst of an import, say, or here where C calls Python, as threadpoolctl has it do."""
    lost: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lost.append)
    call = ctypes.CFUNCTYPE(None)(lambda: os.kill(os.getpid(), number))
    done = []
    with pytest.raises((Terminated, KeyboardInterrupt)), signals_as_exceptions():  # noqa: PT012
        call()
        done.append("it was lost")
        time.sleep(seconds)
        done.append("to the end")
    assert done == ["it was lost", "to the end"][: 1 if seconds else 2]
    assert lost == []
    assert sys.unraisablehook == lost.append


def test_what_others_lose_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    lost: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lost.append)
    with signals_as_exceptions():
        ctypes.CFUNCTYPE(None)(lambda: 1 / 0)()
    assert len(lost) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_what_must_not_be_left_half_done_is_done_before_the_exception(
    number: signal.Signals,
) -> None:
    done = []
    with pytest.raises((Terminated, KeyboardInterrupt)), signals_as_exceptions():  # noqa: PT012
        with signals_held_back():
            os.kill(os.getpid(), number)
            os.kill(os.getpid(), number)
            done.append("all of it")
        done.append("more")
    assert done == ["all of it"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_signal_that_ends_the_process_is_not_held_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with signals_held_back():
        assert signal.getsignal(signal.SIGTERM) is before


def test_whether_signals_raise_can_be_asked() -> None:
    assert not ending_is_heeded()
    with signals_as_exceptions():
        assert ending_is_heeded()
        with signals_held_back():
            assert ending_is_heeded()  # when the block is over
    assert not ending_is_heeded()
