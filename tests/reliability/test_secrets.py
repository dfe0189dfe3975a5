"""Passwords reach no file that a run leaves behind, no output, and no store."""

from base64 import b64encode
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from scratchlab.tracking.publish.command import main
from tests.polling import LIMIT_SECONDS, wait_until
from tests.reliability.commands import command, in_store
from tests.reliability.lossy_proxy import LossyProxy
from tests.reliability.processes import processes_of
from tests.reliability.tracking_server import TrackingServer
from tests.tracking.conftest import free_port

SECRET = "hunter2-is-secret"
TYPED = {
    "literally": f"http://me:{SECRET}@127.0.0.1",
    "from the environment": "http://me:${oc.env:TEST_SECRET}@127.0.0.1",
}


class Guarded(LossyProxy):
    """Passes on what comes with the password."""

    def _pass_on(self, handler: BaseHTTPRequestHandler) -> None:
        expected = f"Basic {b64encode(f'me:{SECRET}'.encode()).decode()}"
        if handler.headers.get("Authorization") == expected:
            super()._pass_on(handler)
        else:
            handler.close_connection = True
            handler.send_error(401)


@pytest.mark.reliability
@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("launcher", ["basic", "joblib"])
def test_a_sweep_with_a_server_that_wants_a_password(
    tmp_path: Path, typed: str, launcher: str, database: Path
) -> None:
    """It gets it, and all runs with it, and nobody else does."""
    cwd = tmp_path / "cwd"
    cwd.mkdir()
    with TrackingServer(database) as server, Guarded(server.port, lambda endpoint: False) as proxy:
        with command(
            *("-m", f"hydra/launcher={launcher}", "seed=0,1", "trainer.epochs=1"),
            uri=f"{TYPED[typed]}:{proxy.port}",
            cwd=cwd,
            environment={"TEST_SECRET": SECRET},
        ) as process:
            stdout, stderr = process.communicate(timeout=LIMIT_SECONDS)
        assert (process.returncode, stderr) == (0, "")
        wait_until(lambda: not processes_of(cwd))
    assert in_store(database) == [(name, "FINISHED") for name in ("seed=0", "seed=1", "sweep over seed")]
    assert SECRET not in stdout
    assert secretive(cwd, database.parent)
    print(f"{len([each for each in tmp_path.rglob('*') if each.is_file()])} files, none with the password")


def secretive(*folders: Path) -> bool:
    """Tell whether there are files in all these folders, and the password in none of them."""
    files = [[path for path in folder.rglob("*") if path.is_file()] for folder in folders]
    assert all(files)
    return not any(SECRET.encode() in path.read_bytes() for each in files for path in each)


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize(
    "overrides", [(), pytest.param(("-m", "seed=0,1"), marks=pytest.mark.reliability)], ids=["run", "sweep"]
)
def test_a_password_in_the_uri(
    tmp_path: Path, typed: str, overrides: tuple[str, ...], uri: str, database: Path
) -> None:
    cwd = tmp_path / "cwd"
    cwd.mkdir()
    server = f"{TYPED[typed]}:{free_port()}"
    with command(
        *overrides, "trainer.epochs=1", uri=server, cwd=cwd, environment={"TEST_SECRET": SECRET}
    ) as process:
        stdout, stderr = process.communicate(timeout=LIMIT_SECONDS)
    assert process.returncode == 0
    assert "cannot be reached (Connection refused)" in stderr
    assert main([str(cwd), "--uri", uri]) == 0
    assert len(list(cwd.rglob("*.yaml"))) > 3, "those in .hydra, too"
    assert secretive(cwd, database.parent)
    assert SECRET not in stdout + stderr
