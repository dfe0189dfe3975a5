"""Signals that end a process, as exceptions, so that a run that is told to end can say so."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGHUP)


class Terminated(BaseException):
    """A signal asked this process to end; `signal` is its number.

    Like KeyboardInterrupt it is no Exception: nothing that goes on after errors goes on after this.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)  # which pickle makes it from again: it comes out of a sweep's workers
        self.signal = number

    def __str__(self) -> str:
        return f"ended by {signal.Signals(self.signal).name}"


@contextmanager
def signals_as_exceptions() -> Iterator[None]:
    """Raise Terminated for SIGTERM and SIGHUP inside the block, and treat them as before afterwards.

    Signals that are ignored (SIGHUP under `nohup`) stay ignored. Only the main thread of a process can do
    this; in another thread the block changes nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heeded = [number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    handlers = {number: signal.signal(number, _raise_terminated) for number in heeded}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def ending_is_heeded() -> bool:
    """Tell whether this process is in such a block, where SIGTERM raises Terminated."""
    return signal.getsignal(signal.SIGTERM) is _raise_terminated


def _raise_terminated(number: int, frame: FrameType | None) -> None:
    raise Terminated(number)
