"""Signals that end a process, as exceptions, so that a run that is told to end can say so."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGHUP)
AGAIN_SECONDS = 0.05


class Terminated(BaseException):
    """A signal asked this process to end; `signal` is its number.

    Like KeyboardInterrupt it is no Exception: nothing that goes on after errors goes on after this.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)  # which pickle makes it from again: it comes out of a sweep's workers
        self.signal = number

    def __str__(self) -> str:
        return f"ended by {signal.Signals(self.signal).name}"


class _Raiser:
    """A handler that raises, and raises again what is lost where C calls Python: in a finaliser, or amid an import."""

    def __init__(self) -> None:
        self.lost: BaseException | None = None
        self._number = 0
        self._raised: BaseException | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self._number, self.lost = number, None
        self._raised = KeyboardInterrupt() if number == signal.SIGINT else Terminated(number)
        raise self._raised

    def take_up(self, lost: "sys.UnraisableHookArgs") -> bool:
        """Tell whether what was lost was raised here; then it will be again, in a moment."""
        if lost.exc_value is None or lost.exc_value is not self._raised:
            return False
        self.lost = self._raised
        again = threading.Timer(AGAIN_SECONDS, self._send_again)
        again.daemon = True
        again.start()
        return True

    def _send_again(self) -> None:
        number = self._number
        if signal.getsignal(number) is self:
            os.kill(os.getpid(), number)


class _Holder:
    """A handler that keeps signals for later."""

    def __init__(self) -> None:
        self.held: list[int] = []

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.held.append(number)


@contextmanager
def signals_as_exceptions() -> Iterator[None]:
    """Raise Terminated for SIGTERM and SIGHUP inside the block, and treat them as before afterwards.

    They, and the KeyboardInterrupt of Ctrl-C, do not get lost where Python loses exceptions: they are raised again, at
    the end of the block at the latest. Signals that are ignored (SIGHUP under `nohup`) stay ignored. Only the main
    thread of a process can do this; in another thread the block changes nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    raiser, others = _Raiser(), sys.unraisablehook
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, *ENDING)}
    handlers = {number: handler for number, handler in handlers.items() if _is_heeded(number, handler)}
    try:
        sys.unraisablehook = lambda lost: None if raiser.take_up(lost) else others(lost)
        for number in handlers:
            signal.signal(number, raiser)
        yield
        if raiser.lost is not None:
            raise raiser.lost
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        sys.unraisablehook = others


def _is_heeded(number: int, handler: object) -> bool:
    """Tell whether a signal that is handled so may become an exception."""
    if number == signal.SIGINT:
        return handler is signal.default_int_handler or isinstance(handler, _Raiser)
    return handler is not signal.SIG_IGN


@contextmanager
def signals_held_back() -> Iterator[None]:
    """Hold back exceptions for signals, KeyboardInterrupt too, until the end of the block.

    For what must not be left half done, and is done in a moment. A signal that ends the process without an exception
    does so here, too. Only the main thread of a process can do this; in another thread the block changes nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    holder = _Holder()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, *ENDING)}
    handlers = {number: handler for number, handler in handlers.items() if callable(handler)}
    try:
        for number in handlers:
            signal.signal(number, holder)
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if holder.held:
            signal.raise_signal(holder.held[0])


def ending_is_heeded() -> bool:
    """Tell whether SIGTERM raises Terminated in this process, now or as soon as what must not be left half done is."""
    return isinstance(signal.getsignal(signal.SIGTERM), _Raiser | _Holder)
