"""What went wrong in publishing, in words for a person."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from scratchlab.tracking.store.uri import without_credentials

UNREACHABLE = (ConnectionError, TimeoutError, socket.gaierror)
LONGEST = 300


def is_unreachable(error: BaseException) -> bool:
    """Tell whether it was the network: then the next run fares no better."""
    return _of_the_network(error) is not None


def reason(error: BaseException) -> str:
    """Return the reason as one short line, without credentials; MLflow's own messages go on for paragraphs."""
    origin = _of_the_network(error)
    if origin is not None:
        return f"the tracking server does not answer ({origin.strerror or origin})"
    return without_credentials(str(error).partition("\n")[0])[:LONGEST]


@contextmanager
def unreachable_as_connection_error(uri: str) -> Iterator[None]:
    """Raise a ConnectionError that names the store when, in the block, the network fails."""
    try:
        yield
    except Exception as error:
        if is_unreachable(error):
            raise ConnectionError(f"{without_credentials(uri)}: {reason(error)}") from error
        raise


def _of_the_network(error: BaseException | None) -> OSError | None:
    """Return the network's error that the others were raised because of, if there is one."""
    found = None
    while error is not None:
        for each in (error, *error.args):  # urllib3 wraps what it does not name as a cause
            if isinstance(each, UNREACHABLE):
                found = each
        error = error.__cause__ or error.__context__
    return found
