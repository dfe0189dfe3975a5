import os
import signal
import threading

import pytest

from scratchlab.tracking import Terminated, signals_as_exceptions
from scratchlab.tracking.signals import ending_is_heeded


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


def test_whether_signals_raise_can_be_asked() -> None:
    assert not ending_is_heeded()
    with signals_as_exceptions():
        assert ending_is_heeded()
    assert not ending_is_heeded()
