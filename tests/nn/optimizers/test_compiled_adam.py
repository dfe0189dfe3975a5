from importlib.util import find_spec

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.nn import Adam, CompiledAdam
from scratchlab.nn.optimizers import compiled_adam
from scratchlab.nn.optimizers.optimizer import BLOCK

pytestmark = pytest.mark.system


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_it_is_adam_to_the_bit(dtype: type[np.floating]) -> None:
    rng = np.random.default_rng(0)
    params = rng.standard_normal(BLOCK + 7).astype(dtype)
    compiled_params = params.copy()
    plain, compiled = Adam(0.8, 0.99, 1e-3), CompiledAdam(0.8, 0.99, 1e-3)
    for step in range(5):
        grads = rng.standard_normal(BLOCK + 7).astype(dtype) * 10.0 ** rng.integers(-8, 4, BLOCK + 7).astype(
            dtype
        )
        plain.step(params, grads, lr=0.1 / (step + 1))
        compiled.step(compiled_params, grads, lr=0.1 / (step + 1))
    assert compiled_params.dtype == params.dtype
    assert (compiled_params == params).all()
    assert compiled.num_steps == plain.num_steps
    assert set(compiled.state) == set(plain.state)
    for name, vector in plain.state.items():
        assert (compiled.state[name] == vector).all()


def test_two_steps_on_worked_numbers() -> None:
    # As for Adam: a step of lr, then m = -0.01 and -0.01 / (1 - 0.81) = -1/19.
    params = np.zeros(1)
    optimizer = CompiledAdam()
    optimizer.step(params, np.array([1.0]), lr=0.1)
    assert params == pytest.approx([-0.1], rel=1e-7)
    optimizer.step(params, np.array([-1.0]), lr=0.1)
    assert params == pytest.approx([-0.1 + 0.1 / 19], rel=1e-7)


def test_without_numba_it_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_adam, "find_spec", lambda name: None if name == "numba" else find_spec(name))
    with pytest.raises(
        ArgumentError, match=r"^optimizer=adam_compiled: expected numba to be installed: type pip"
    ):
        CompiledAdam()
