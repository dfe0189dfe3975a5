import numpy as np
import pytest

from scratchlab.nn import SGD, Adagrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RMSProp
from scratchlab.nn.optimizers.optimizer import BLOCK


@pytest.mark.parametrize("make", [SGD, Momentum, Nesterov, Adagrad, RMSProp, Adam, AdamW])
@pytest.mark.parametrize("extra", [0, 1])
def test_what_happens_to_a_parameter_does_not_depend_on_the_block_it_is_in(
    make: type[Optimizer], extra: int
) -> None:
    # The same few parameters, at the beginning of a vector and around the borders of its blocks.
    rng = np.random.default_rng(0)
    num_params = 2 * BLOCK + extra
    probes = [0, BLOCK - 1, BLOCK, 2 * BLOCK - 1, num_params - 1]
    params = rng.standard_normal(num_params, dtype=np.float32)
    few = params[probes]
    many_at_once, few_at_once = make(), make()
    for _ in range(3):
        grads = rng.standard_normal(num_params, dtype=np.float32)
        few_grads = grads[probes]
        many_at_once.step(params, grads, lr=0.1)
        few_at_once.step(few, few_grads, lr=0.1)
    assert params[probes].tolist() == few.tolist()
    for name, vector in many_at_once.state.items():
        assert vector[probes].tolist() == few_at_once.state[name].tolist()


@pytest.mark.parametrize("make", [SGD, Momentum, Nesterov, Adagrad, RMSProp, Adam, AdamW])
def test_gradients_are_left_as_they_are(make: type[Optimizer]) -> None:
    params, grads = np.ones(5), np.arange(5.0)
    make().step(params, grads, lr=0.1)
    assert grads.tolist() == [0, 1, 2, 3, 4]


def test_blocks_are_views_of_the_vectors_and_cover_them_once() -> None:
    params, grads = np.zeros(BLOCK + 2), np.arange(BLOCK + 2.0)
    optimizer = Optimizer()
    sizes = []
    for param, grad, scratch, memory in optimizer.blocks(params, grads, "memory"):
        assert len(param) == len(grad) == len(scratch) == len(memory)
        assert scratch.base is not None
        assert not np.shares_memory(scratch, params)
        param += grad
        memory -= grad
        sizes.append(len(param))
    assert sizes == [BLOCK, 2]
    assert (params == grads).all()
    assert (optimizer.state["memory"] == -grads).all()


@pytest.mark.parametrize("make", [Momentum, Nesterov, RMSProp, Adam, AdamW])
def test_what_is_remembered_of_gradients_that_stay_0_never_gets_so_small_that_processors_slow_down(
    make: type[Optimizer],
) -> None:
    params, grads = np.ones(3, np.float32), np.array([1, 1e-3, -1e-6], np.float32)
    optimizer = make()
    smallest = float(np.finfo(np.float32).smallest_normal)
    for _ in range(12_000):
        optimizer.step(params, grads, lr=1e-3)
        grads[:] = 0
        for memory in optimizer.state.values():
            assert ((memory == 0) | (abs(memory) >= smallest)).all()


def test_what_is_forgotten_would_have_moved_no_parameter() -> None:
    rng = np.random.default_rng(0)
    params = rng.standard_normal(100, dtype=np.float32)
    m, v, expected = np.zeros(100, np.float32), np.zeros(100, np.float32), params.copy()
    adam = Adam()
    for step in range(1, 3000):
        grads = rng.standard_normal(100, dtype=np.float32) * np.float32(step < 3)
        adam.step(params, grads, lr=0.01)
        m = 0.9 * m + np.float32(1 - 0.9) * grads
        v = 0.999 * v + np.square(grads) * np.float32(1 - 0.999)
        rate, eps = adam.corrected(0.01)
        expected -= m / (np.sqrt(v) + np.float32(eps)) * np.float32(rate)
    assert (params == expected).all()
    assert (m != 0).all()
    assert (adam.state["m"] == 0).all()
