import subprocess
import sys
from pathlib import Path

import pytest
from hydra.core.utils import JobReturn, JobStatus
from omegaconf import OmegaConf

from scratchlab.config.project import ROOT
from scratchlab.sweeps.slim_return import SlimReturn

MEASURED = """
import resource, sys
from hydra.utils import get_method
from scratchlab.config.launch import launch

def train(config):
    accuracy = get_method(config.task)(config)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS, KiB elsewhere
    print("peak", peak / 2**(20 if sys.platform == "darwin" else 10), file=sys.stderr)
    return accuracy

launch(train)
"""


def test_the_value_and_the_status_of_a_run_are_kept_and_its_configuration_is_not() -> None:
    config = OmegaConf.create({"seed": 0})
    returned = JobReturn(cfg=config, hydra_cfg=config, overrides=["seed=0"])
    returned.return_value = 0.9
    returned.status = JobStatus.COMPLETED
    SlimReturn().on_job_end(config, returned)
    assert (returned.cfg, returned.hydra_cfg) == (None, None)
    assert (returned.return_value, returned.status, returned.overrides) == (
        *(0.9, JobStatus.COMPLETED),
        ["seed=0"],
    )


@pytest.mark.slow
def test_memory_does_not_grow_from_run_to_run(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(MEASURED)
    overrides = ["data=digits", "trainer.epochs=1", "seed=range(50)"]
    command = [sys.executable, "app.py", "-m", *overrides, f"tracking.uri=sqlite:///{tmp_path}/mlflow.db"]
    environment = {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "PATH": ""}
    ended = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True, timeout=280
    )
    peaks = [float(line.split()[1]) for line in ended.stderr.splitlines() if line.startswith("peak")]
    assert len(peaks) == 50
    # The first runs fill caches: of fonts, of the allocator. With its configurations a sweep would grow by 10 more.
    assert peaks[49] - peaks[24] < 3
