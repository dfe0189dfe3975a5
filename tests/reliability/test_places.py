"""Wherever a command is typed, and whatever is the working directory of a run, it leaves all it has in its folder."""

from pathlib import Path

from scratchlab.tracking import JOURNAL, read_journal
from scratchlab.tracking.records import Artifact

from .commands import command, in_store


def test_a_run_that_changes_into_its_folder(tmp_path: Path) -> None:
    with command("hydra.job.chdir=true", "trainer.epochs=1", cwd=tmp_path) as process:
        _, stderr = process.communicate(timeout=120)
    assert (process.returncode, stderr) == (0, "")
    [journal] = tmp_path.rglob(JOURNAL)
    artifacts = [record.path for record in read_journal(journal.parent) if isinstance(record, Artifact)]
    assert artifacts
    assert all((journal.parent / path).exists() for path in artifacts)
    stored = {path.name for path in (tmp_path / "mlruns" / "artifacts").rglob("*") if path.is_file()}
    assert {Path(path).name for path in artifacts} <= stored
    assert [status for _, status in in_store(tmp_path / "mlruns" / "mlflow.db")] == ["FINISHED"]


def test_two_sweeps_that_start_at_once_have_folders_of_their_own(tmp_path: Path) -> None:
    sweeps = [command("-m", "trainer.epochs=1", f"seed={seed},{seed + 1}", cwd=tmp_path) for seed in (0, 2)]
    for sweep in sweeps:
        with sweep:
            _, stderr = sweep.communicate(timeout=180)
        assert (sweep.returncode, stderr) == (0, "")
    assert len(list(tmp_path.glob(f"outputs/*/*-sweep/{JOURNAL}"))) == 2
    statuses = in_store(tmp_path / "mlruns" / "mlflow.db")
    assert [name for name, _ in statuses] == [
        *(f"seed={seed}" for seed in range(4)),
        *["sweep over seed"] * 2,
    ]
    assert {status for _, status in statuses} == {"FINISHED"}
