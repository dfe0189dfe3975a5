"""Passwords reach no file that a run leaves behind, no output, and no store."""

from pathlib import Path

import pytest

from scratchlab.tracking.publish import main
from tests.tracking.conftest import free_port

from .commands import command

SECRET = "hunter2-is-secret"
TYPED = {
    "literally": f"http://me:{SECRET}@127.0.0.1",
    "from the environment": "http://me:${oc.env:TEST_SECRET}@127.0.0.1",
}


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
        stdout, stderr = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "cannot be reached (Connection refused)" in stderr
    assert main([str(cwd), "--uri", uri]) == 0
    files = [path for path in [*cwd.rglob("*"), *database.parent.rglob("*")] if path.is_file()]
    assert len([path for path in files if path.suffix == ".yaml"]) > 3, "those in .hydra, too"
    assert [path for path in files if SECRET.encode() in path.read_bytes()] == []
    assert SECRET not in stdout + stderr
