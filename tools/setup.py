"""Install locked packages into .venv: python3 tools/setup.py requirements.lock [requirements-dev.lock ...].

The first lock file makes the virtual environment, the others add to it. Packages are checked against the hashes in
the lock files. uv, itself locked, installs them; where it fails, pip does. Modules are compiled when they are first
imported. This runs before anything is installed, so that it uses the standard library alone.
"""

import hashlib
import os
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FOR_SETUP = ROOT / "requirements-setup.lock"
"""uv, and setuptools, which makes the checkout itself importable."""
HANDED_OVER = {"global.index-url": "UV_DEFAULT_INDEX", "global.cert": "SSL_CERT_FILE"}
"""Where pip is told to look for packages, which uv does not read."""
LOOK_SECONDS = 0.5


def set_up(locks: Sequence[Path]) -> None:
    """Install the lock files that are not installed yet, the first of them into a new environment."""
    if not _is_installed(locks[0]):
        print("making .venv", flush=True)
        venv.create(VENV, clear=True, with_pip=True)
        _run([*_pip(), "--require-hashes", "-r", str(FOR_SETUP)])
        _install(locks[0])
        _run([*_pip(), "--no-deps", "--no-build-isolation", "--editable", str(ROOT)])
        _note(locks[0])
    for lock in locks[1:]:
        if not _is_installed(lock):
            _install(lock)
            _note(lock)


def _install(lock: Path) -> None:
    """Install the packages of a lock file, and show how far it is."""
    print(f"installing {lock.name} into .venv", flush=True)
    before, start = _num_installed(), time.monotonic()

    def show(seconds: float) -> None:
        if sys.stdout.isatty():
            print(f"\r  {_num_installed() - before} packages, {seconds:.0f} s ", end="", flush=True)

    locked = ["--require-hashes", "-r", str(lock)]
    uv = [str(VENV / "bin" / "uv"), "pip", "install", "--python", str(PYTHON), *locked]
    try:
        _run(uv, show, env=_for_uv())
    except subprocess.CalledProcessError:
        _run([*_pip(), "--no-compile", *locked], show)
    size = sum(each.lstat().st_size for each in VENV.rglob("*") if each.is_file()) / 1e6
    took = time.monotonic() - start
    print(f"\r  {_num_installed() - before} packages in {took:.0f} s; .venv takes {size:,.0f} MB", flush=True)


def _pip() -> list[str]:
    return [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]


def _for_uv() -> dict[str, str]:
    """Return the environment of uv: pip's configuration, unless uv has one of its own."""
    environment = dict(os.environ)
    for key, variable in HANDED_OVER.items():
        told = subprocess.run(
            [str(PYTHON), "-m", "pip", "config", "get", key], capture_output=True, text=True
        )
        if told.returncode == 0:
            environment.setdefault(variable, told.stdout.strip())
    return environment


def _run(
    command: Sequence[str],
    show: Callable[[float], None] = lambda seconds: None,
    env: dict[str, str] | None = None,
) -> None:
    """Run a command, whose output is of interest only if it fails.

    Raises:
        subprocess.CalledProcessError: it failed; its output is in the error.
    """
    start = time.monotonic()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env, text=True
    ) as process:
        while True:
            try:
                output, _ = process.communicate(timeout=LOOK_SECONDS)
                break
            except subprocess.TimeoutExpired:
                show(time.monotonic() - start)
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command, output)


def _num_installed() -> int:
    return sum(1 for _ in VENV.glob("lib/python*/site-packages/*.dist-info"))


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _is_installed(lock: Path) -> bool:
    stamp = VENV / f".{lock.name}"
    return stamp.exists() and stamp.read_text() == _digest(lock) and PYTHON.exists()


def _note(lock: Path) -> None:
    (VENV / f".{lock.name}").write_text(_digest(lock))


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until no other process sets up this checkout."""
    import fcntl  # here, because Windows has none and is told so

    with (ROOT / ".venv.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("waiting for another set-up of this checkout", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main(names: Sequence[str]) -> int:
    """Run the command line; return the exit code."""
    if sys.platform == "win32":
        print("scratchlab runs on Linux and macOS. On Windows, use it in WSL: https://aka.ms/wsl")
        return 1
    if sys.version_info < (3, 11):  # noqa: UP036 - this is what says so
        version = ".".join(map(str, sys.version_info[:3]))
        print(
            f"scratchlab needs Python 3.11 or newer, this is {version}. Type: make PYTHON=python3.12 TARGET"
        )
        return 1
    try:
        with _alone():
            set_up([ROOT / name for name in names])
    except subprocess.CalledProcessError as error:
        print(f"{error.output}\nset-up failed: {' '.join(error.cmd[:5])} ... ended with {error.returncode}")
        return 1
    except KeyboardInterrupt:
        print("\nset-up was interrupted. The same command starts it again.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
