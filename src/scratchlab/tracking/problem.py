"""What went wrong in publishing, in words for a person."""

import socket

UNREACHABLE = (ConnectionError, TimeoutError, socket.gaierror)
LONGEST = 300


def is_unreachable(error: BaseException) -> bool:
    """Tell whether it was the network: then the next run fares no better."""
    return isinstance(_origin(error), UNREACHABLE)


def reason(error: BaseException) -> str:
    """Return the reason as one short line; MLflow's own messages go on for paragraphs."""
    origin = _origin(error)
    if isinstance(origin, UNREACHABLE):
        return f"the tracking server does not answer ({origin.strerror or origin})"
    return str(error).partition("\n")[0][:LONGEST]


def _origin(error: BaseException) -> BaseException:
    """Return the exception that the others were raised because of."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return error
