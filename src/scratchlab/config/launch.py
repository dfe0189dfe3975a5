"""The way into every app: Hydra composes the configuration, runs the task with it, and errors become sentences."""

import argparse
import errno
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import NoReturn

import hydra
from hydra._internal.hydra import Hydra
from hydra._internal.utils import get_args_parser
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException

from scratchlab.arguments import ArgumentError
from scratchlab.config.project import CONFIG_FOLDER, ROOT
from scratchlab.config.resume import resumed
from scratchlab.config.unstarted import remove_unstarted
from scratchlab.processes.process import Process
from scratchlab.processes.signals import Terminated
from scratchlab.tracking.store.reachability import UnreachableError
from scratchlab.tracking.store.uri import hand_over_credentials

QUOTES = "\"'"
EXIT_USAGE = 2
EXIT_NO_DATA = 66
"""EX_NOINPUT of sysexits.h: `make train` falls back to the embedded digits on it."""
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""A full disk, a used-up quota, a file that may not get any larger."""


class RunFailedError(Exception):
    """A run has failed and said why; `code` is for the exit, in a sweep once all runs are over."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class SweepRefusedError(ValueError):
    """A sweep that cannot start, because one of its runs could not."""


Task = Callable[[DictConfig], float | None]


def launch(task: Task) -> None:
    """Run `task` with the configuration that the command line composes, once or as a sweep."""
    # Hydra would print its own account of an error and exit; with this it lets us explain it.
    os.environ.setdefault("HYDRA_FULL_ERROR", "1")
    main = hydra.main(version_base="1.3", config_path=str(CONFIG_FOLDER), config_name="config")
    arguments = _command_line()
    if arguments.multirun:
        # Workers of a launcher unpickle the plugins, which Python finds beside train.py and nowhere else.
        os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    try:
        overrides = [
            _without_password(each) for each in resumed(arguments.overrides, is_sweep=arguments.multirun)
        ]
        sys.argv[1:] = [each for each in sys.argv[1:] if each not in arguments.overrides] + overrides
        with _composed_once(overrides):
            main(_explained(task, Process.current()))()
    except RunFailedError as failed:
        sys.exit(failed.code)
    except (ArgumentError, SweepRefusedError) as error:
        _exit(str(error), EXIT_USAGE)
    except UnreachableError as error:
        _exit(str(error), 1)
    except KeyboardInterrupt as error:
        _exit(_noted("interrupted", error), 130)
    except Terminated as error:
        _exit(_noted(str(error), error), 128 + error.signal)
    except Exception as error:  # Hydra's own: the task lets none through
        from scratchlab.config.explain import explain

        _exit(explain(error, arguments.overrides, is_sweep=arguments.multirun), EXIT_USAGE)


@contextmanager
def _composed_once(overrides: Sequence[str]) -> Iterator[None]:
    """Keep Hydra from composing the configuration twice: the first time only finds out whether it sets hydra.mode."""
    get_mode = Hydra.get_mode
    if not any(each.lstrip("+").startswith("hydra.mode=") for each in overrides):
        Hydra.get_mode = lambda *_, **__: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        Hydra.get_mode = get_mode  # type: ignore[method-assign]


def _without_password(override: str) -> str:
    """Take a password that was typed in `tracking.uri` out of what Hydra writes down."""
    key, _, value = override.partition("=")
    # What comes from the environment, ${oc.env:PASSWORD}, is written down as it stands.
    if key.lstrip("+") != "tracking.uri" or "${" in value:
        return override
    return f"{key}={hand_over_credentials(value.strip(QUOTES))}" if "@" in value else override


def _command_line() -> argparse.Namespace:
    """Read the command line as Hydra will; what it would answer with a page of usage ends here in a sentence."""
    parser = get_args_parser()
    parser.exit_on_error = False
    try:
        arguments, unknown = parser.parse_known_args()
    except argparse.ArgumentError as error:
        _exit(f"{error}; --hydra-help lists the options", EXIT_USAGE)
    for argument in unknown:
        if argument.startswith("-"):
            _exit(f"{argument}: there is no such option; --hydra-help lists them", EXIT_USAGE)
        _exit(f"{argument}: expected options such as -m in front of all overrides", EXIT_USAGE)
    return arguments


def _explained(task: Task, sweep: Process) -> Task:
    """Wrap `task` so that what a person can mend ends in a sentence and everything else in its own traceback.

    In a sweep the wrapped task runs in a launcher's workers, too: they end with the process `sweep`, and what comes
    out of them can be pickled.
    """

    @wraps(task)
    def run(config: DictConfig) -> float | None:
        hydra = HydraConfig.get()
        is_sweep = hydra.mode is RunMode.MULTIRUN
        if is_sweep:
            from scratchlab.tracking.journal.lifeline import Lifeline

            Lifeline(sweep, Path(hydra.sweep.dir)).hold()
        try:
            return task(config)
        except (KeyboardInterrupt, Terminated):
            remove_unstarted(Path(hydra.runtime.output_dir), within=Path(hydra.runtime.cwd))
            raise
        except RunFailedError as failed:
            code = failed.code
        except BaseException as error:  # sys.exit, too: it would end the other runs
            message, code = _account(error, config)
            print(message, file=sys.stderr)
        remove_unstarted(Path(hydra.runtime.output_dir), within=Path(hydra.runtime.cwd))
        if is_sweep:
            raise RunFailedError(code)
        sys.exit(code)

    return run


def _account(error: BaseException, config: DictConfig) -> tuple[str, int]:
    """Return what to tell a person about the error that ended a run, and the exit code for it."""
    from scratchlab.config.explain import explain_argument, explain_missing
    from scratchlab.data import DataError, DataUnavailableError
    from scratchlab.tracking import StoppedError
    from scratchlab.training import DivergenceError

    match error:
        case ArgumentError():
            return explain_argument(error, config), EXIT_USAGE
        case OmegaConfBaseException():
            return explain_missing(error, config), EXIT_USAGE
        case DataUnavailableError():
            return str(error), EXIT_NO_DATA
        case DataError() | DivergenceError() | MemoryError() | StoppedError() | UnreachableError():
            return _noted(str(error), error), 1
        case OSError() if error.errno in NO_ROOM:
            return _noted(f"the run could not be written: {error.strerror}", error), 1
    return "".join(traceback.format_exception(error)).rstrip(), 1


def _noted(message: str, error: BaseException) -> str:
    """Return the message with what was noted about the error, a line each."""
    return "\n".join([message, *getattr(error, "__notes__", [])])


def _exit(message: str, code: int) -> NoReturn:
    print(message, file=sys.stderr)
    sys.exit(code)
