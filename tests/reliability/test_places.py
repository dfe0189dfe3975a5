"""Wherever a command is typed, and whatever is the working directory of a run, it leaves all it has in its folder."""

from pathlib import Path, PurePosixPath

import pytest

from scratchlab.tracking import JOURNAL, Published, read_journal, run_folders
from scratchlab.tracking.journal.records import Artifact
from scratchlab.tracking.store.client import connect
from scratchlab.tracking.store.uri import embedded_uri
from tests.polling import LIMIT_SECONDS
from tests.reliability.commands import command, in_store
from tests.reliability.counts import counts
from tests.reliability.project import copied_project, train


def test_a_run_that_changes_into_its_folder(tmp_path: Path) -> None:
    with command("hydra.job.chdir=true", "trainer.epochs=1", cwd=tmp_path) as process:
        _, stderr = process.communicate(timeout=LIMIT_SECONDS)
    assert (process.returncode, stderr) == (0, "")
    [journal] = tmp_path.rglob(JOURNAL)
    artifacts = [record.path for record in read_journal(journal.parent) if isinstance(record, Artifact)]
    assert artifacts
    assert all((journal.parent / path).exists() for path in artifacts)
    stored = {path.name for path in (tmp_path / "mlruns" / "artifacts").rglob("*") if path.is_file()}
    assert {Path(path).name for path in artifacts} <= stored
    assert [status for _, status in in_store(tmp_path / "mlruns" / "mlflow.db")] == ["FINISHED"]


@pytest.mark.slow
def test_two_sweeps_that_start_at_once_have_folders_of_their_own(tmp_path: Path) -> None:
    sweeps = [command("-m", "trainer.epochs=1", f"seed={seed},{seed + 1}", cwd=tmp_path) for seed in (0, 2)]
    for sweep in sweeps:
        with sweep:
            _, stderr = sweep.communicate(timeout=LIMIT_SECONDS)
        assert (sweep.returncode, stderr) == (0, "")
    assert len(list(tmp_path.glob(f"outputs/*/*-sweep/{JOURNAL}"))) == 2
    statuses = in_store(tmp_path / "mlruns" / "mlflow.db")
    assert [name for name, _ in statuses] == [
        *(f"seed={seed}" for seed in range(4)),
        *["sweep over seed"] * 2,
    ]
    assert {status for _, status in statuses} == {"FINISHED"}


TYPED = {
    "from elsewhere": (),
    "a run that changes into its folder": ("hydra.job.chdir=true",),
    "a sweep": ("-m", "seed=1,2"),
    "a sweep that changes into its folders": ("-m", "seed=3,4", "hydra.job.chdir=true"),
}


@counts("typed", few=["from elsewhere"], all_of_them=list(TYPED))
def test_the_project_is_moved_after_it_was_used_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: list[str]
) -> None:
    """Runs are where the command was typed, the store is in the project, and takes its artifacts with it."""
    monkeypatch.setenv("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    project, elsewhere = copied_project(tmp_path / "project"), tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in typed:
        ended = train(project, *TYPED[name], "trainer.epochs=1", data="digits", cwd=elsewhere)
        assert (ended.returncode, ended.stderr) == (0, "")
    assert not (project / "outputs").exists()
    moved = project.rename(tmp_path / "another place")
    ended = train(moved, "trainer.epochs=1", "seed=9", data="digits")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert not project.exists()

    folders = [*run_folders(elsewhere), *run_folders(moved / "outputs")]
    client = connect(embedded_uri(moved))
    for folder in folders:
        published = Published.load(folder)
        assert published is not None
        assert client.get_run(published.run_id).info.status == "FINISHED"
        artifacts = [PurePosixPath(each.path) for each in read_journal(folder) if isinstance(each, Artifact)]
        assert artifacts
        for path in artifacts:
            name = str(path.relative_to("artifacts"))
            opened = client.download_artifacts(published.run_id, name, dst_path=str(tmp_path))
            assert Path(opened).read_bytes() == (folder / path).read_bytes()
    assert len(folders) == 1 + sum(3 if "-m" in TYPED[name] else 1 for name in typed)
