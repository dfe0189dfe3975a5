import json
import os
import signal
import subprocess
import sys
import sysconfig
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from mlflow import MlflowClient
from mlflow.entities import LoggedModelStatus
from mlflow.models import Model

from scratchlab.tracking.publish.model import log_model, save_model
from scratchlab.tracking.store.client import connect, experiment_id
from tests.polling import LIMIT_SECONDS, wait_until
from tests.tracking.conftest import Content, answers, free_port
from tests.tracking.runs import CLASS_NAMES, network, write_network

PIXELS = np.random.default_rng(1).integers(0, 256, size=(5, 6), dtype=np.uint8)

LOAD_AND_PREDICT = """
import importlib.util
import json
import sys

# `-S` has left out what site-packages adds to the path, so that scratchlab is not installed here.
sys.path.append(sys.argv[1])
assert importlib.util.find_spec("scratchlab") is None

import mlflow.pyfunc
import numpy as np

model = mlflow.pyfunc.load_model(sys.argv[2])
answer = model.predict(np.array(json.loads(sys.argv[3]), np.uint8))
import scratchlab.nn
print(json.dumps({
    "labels": answer["labels"].tolist(),
    "probabilities": answer["probabilities"].tolist(),
    "imported from": scratchlab.nn.__file__,
}))
"""


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    save_model(folder / "saved", write_network(folder / "model"))
    return folder / "saved"


def expected_probabilities() -> np.ndarray:
    """Return what the network answers to PIXELS, computed in float64 from its definition."""
    state = {name: array.astype(np.float64) for name, array in network().state().items()}
    values = (PIXELS - np.array([0, 1, 2, 3, 4, 128])) / 255
    for layer in (1, 2):
        values = np.tanh(values @ state[f"linear{layer}.weight"] + state[f"linear{layer}.bias"])
    exponentials = np.exp(values @ state["linear3.weight"] + state["linear3.bias"])
    probabilities: np.ndarray = exponentials / exponentials.sum(axis=1, keepdims=True)
    return probabilities


def check(answer: dict[str, list[object]]) -> None:
    expected = expected_probabilities()
    assert len(set(expected.argmax(axis=1))) > 1
    np.testing.assert_allclose(np.array(answer["probabilities"], float), expected, rtol=1e-5)
    assert answer["labels"] == [CLASS_NAMES[index] for index in expected.argmax(axis=1)]


@pytest.mark.system
def test_it_predicts_where_scratchlab_is_not_installed(saved: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-S", "-c", LOAD_AND_PREDICT, sysconfig.get_path("purelib"), str(saved)]
    output = subprocess.run(
        [*command, json.dumps(PIXELS.tolist())],
        cwd=tmp_path,
        # Nothing in it is pickled, and whoever runs the tests may have set where scratchlab is.
        env=os.environ | {"MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false", "PYTHONPATH": ""},
        check=True,
        capture_output=True,
        text=True,
    )
    answer = json.loads(output.stdout)
    check(answer)
    assert Path(answer["imported from"]).is_relative_to(saved)


@pytest.mark.system
def test_mlflow_serves_it(saved: Path, tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "mlflow", "models", "serve", "--env-manager", "local"]
    command += ["--model-uri", str(saved), "--port", str(port)]
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    with (tmp_path / "serve.log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        wait_until(lambda: server.poll() is not None or answers(f"http://127.0.0.1:{port}/ping"))
        assert server.poll() is None, (tmp_path / "serve.log").read_text()
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/invocations",
            data=json.dumps({"inputs": PIXELS.tolist()}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=LIMIT_SECONDS) as answer:
            check(json.load(answer)["predictions"])
    finally:
        with suppress(ProcessLookupError):  # it ended by itself
            os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def test_it_says_what_it_takes_gives_and_needs(saved: Path) -> None:
    signature = Model.load(str(saved)).signature
    assert str(signature.inputs) == "[Tensor('uint8', (-1, 6))]"
    assert signature.outputs.input_names() == ["labels", "probabilities"]
    assert json.loads((saved / "input_example.json").read_text()) == [[0, 50, 100, 150, 200, 250]]
    requirements = (saved / "requirements.txt").read_text().split()
    assert [requirement.partition("==")[0] for requirement in requirements] == ["mlflow", "numpy"]
    assert f"numpy=={np.__version__}" in requirements


def test_it_is_code_and_plain_arrays(saved: Path) -> None:
    names = {file.suffix for file in saved.rglob("*") if file.is_file()}
    assert names == {"", ".py", ".npz", ".json", ".yaml", ".txt"}
    with np.load(saved / "artifacts" / "model" / "weights.npz", allow_pickle=False) as weights:
        assert {name: weights[name].shape for name in weights} == {
            name: array.shape for name, array in network().state().items()
        }


class TestLogModel:
    @pytest.fixture
    def client(self, uri: str) -> MlflowClient:
        return connect(uri)

    @pytest.fixture
    def run(self, client: MlflowClient) -> tuple[str, str]:
        """The ids of an experiment and a run."""
        experiment = experiment_id(client, "mnist")
        run = client.create_run(experiment).info.run_id
        client.log_param(run, "optimizer", "adam")
        return experiment, run

    @pytest.fixture
    def trained(self, tmp_path: Path) -> Path:
        return write_network(tmp_path / "run" / "model")

    def test_the_run_has_the_model(self, client: MlflowClient, run: tuple[str, str], trained: Path) -> None:
        log_model(client, *run, trained)
        (model,) = client.search_logged_models([run[0]])
        assert (model.name, model.source_run_id, model.status) == ("model", run[1], LoggedModelStatus.READY)
        assert model.params == {"optimizer": "adam"}
        outputs = client.get_run(run[1]).outputs
        assert outputs is not None
        assert [output.model_id for output in outputs.model_outputs] == [model.model_id]
        assert "MLmodel" in [file.path for file in client.list_logged_model_artifacts(model.model_id)]

    def test_logging_it_again_changes_nothing(
        self, client: MlflowClient, run: tuple[str, str], trained: Path, content: Callable[[], Content]
    ) -> None:
        log_model(client, *run, trained)
        before = content()
        log_model(client, *run, trained)
        assert content() == before

    @pytest.mark.parametrize(
        "lost", ["create_logged_model", "log_outputs", "log_model_artifacts", "finalize_logged_model"]
    )
    def test_what_an_interrupted_attempt_began_is_completed(
        self,
        client: MlflowClient,
        run: tuple[str, str],
        trained: Path,
        lost: str,
        content: Callable[[], Content],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        request = getattr(client, lost)

        def lose(*arguments: object, **options: object) -> None:
            request(*arguments, **options)
            raise ConnectionResetError("the answer was lost")

        with monkeypatch.context() as patch:
            patch.setattr(client, lost, lose)
            with pytest.raises(ConnectionResetError):
                log_model(client, *run, trained)
        log_model(client, *run, trained)
        (model,) = client.search_logged_models([run[0]])
        assert model.status == LoggedModelStatus.READY
        assert len(content()["inputs"]) == 1
