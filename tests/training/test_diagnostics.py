import numpy as np
import pytest

from scratchlab.data import Split
from scratchlab.nn import SGD, Array, Linear, Network, constant_schedule, cross_entropy, linear, mlp
from scratchlab.training import Callback, Diagnostics, Trainer, histograms
from tests.training.toys import NOTHING, blobs, network, trainer

TRAIN = blobs(10)


def diagnostics(*, num_samples: int = 5000, seed: int = 0) -> Diagnostics:
    return Diagnostics(TRAIN.first(6), num_samples=num_samples, rng=np.random.default_rng(seed))


class Spy(Callback):
    """Copies the parameters and the gradients of every step."""

    def on_train_start(self, trainer: Trainer) -> None:
        self.params = [trainer.network.params.copy()]
        self.grads: list[Array] = []

    def on_step_end(self, trainer: Trainer, loss: float) -> None:
        self.params.append(trainer.network.params.copy())
        self.grads.append(trainer.network.grads.copy())


def test_the_update_ratio_on_worked_numbers() -> None:
    # Equal logits: the gradient is (1/2, -1/2) for the only input of 1, an update of (-0.4, 0.4) at a rate of 0.8.
    net = Network([Linear(1, 2)], rng=np.random.default_rng(0), dtype=np.float64)
    net.state()["linear1.weight"][...] = [[3.4, 2.6]]
    net.state()["linear1.bias"][...] = [-0.8, 0.0]
    one = Split(np.ones((1, 1), np.float32), np.array([1]))
    looking = Diagnostics(one, rng=np.random.default_rng(0))
    toy = Trainer(
        net,
        cross_entropy,
        SGD(),
        constant_schedule(lr=0.8, num_steps=1),
        epochs=1,
        batch_size=1,
        rng=np.random.default_rng(0),
        callbacks=[looking],
    )
    toy.fit(one, one.first(0))
    assert net.state()["linear1.weight"] == pytest.approx(np.array([[3.0, 3.0]]))
    assert looking.update_ratios == {"linear1.weight": [pytest.approx(0.4 / 3)]}
    assert looking.gradients["linear1.weight"][0] == pytest.approx([0.5, -0.5])


def test_ratios_and_gradients_are_those_of_the_last_step_of_each_epoch() -> None:
    looking, spy, net = diagnostics(), Spy(), network()
    trainer(spy, looking, network=net, epochs=2, batch_size=4).fit(TRAIN, NOTHING)
    assert list(looking.update_ratios) == list(looking.gradients) == ["linear1.weight", "linear2.weight"]
    for epoch, last_step in enumerate((3, 6)):
        before, after = net.views(spy.params[last_step - 1]), net.views(spy.params[last_step])
        grads = net.views(spy.grads[last_step - 1])
        for name in looking.gradients:
            ratio = np.linalg.norm(after[name] - before[name]) / np.linalg.norm(after[name])
            assert looking.update_ratios[name][epoch] == pytest.approx(ratio)
            assert (looking.gradients[name][epoch] == grads[name].ravel()).all()


def test_activations_are_those_of_evaluation_on_the_examples_after_the_epoch() -> None:
    looking = diagnostics()
    layers = mlp(2, 3, hidden=[5, 4], norm="batch", dropout=0.5, input_dropout=0.2)
    net = Network(layers, rng=np.random.default_rng(0))
    trainer(looking, network=net, epochs=3).fit(TRAIN, NOTHING)
    assert list(looking.activations) == ["relu1", "relu2"]
    assert [len(samples) for samples in looking.activations.values()] == [3, 3]
    state = net.state()
    outputs: Array = TRAIN.inputs[:6]
    for number in (1, 2):
        outputs = outputs @ state[f"linear{number}.weight"] + state[f"linear{number}.bias"]
        normalised = (outputs - state[f"batchnorm{number}.running_mean"]) / np.sqrt(
            state[f"batchnorm{number}.running_var"] + 1e-5
        )
        outputs = normalised * state[f"batchnorm{number}.gamma"] + state[f"batchnorm{number}.beta"]
        outputs = np.maximum(outputs, 0)
        found = looking.activations[f"relu{number}"][-1]
        assert found == pytest.approx(outputs.ravel(), rel=1e-4, abs=1e-5)


def test_a_linear_model_has_no_activations() -> None:
    looking = diagnostics()
    net = Network(linear(2, 3), rng=np.random.default_rng(0))
    trainer(looking, network=net).fit(TRAIN, NOTHING)
    assert looking.activations == {}
    assert list(looking.gradients) == ["linear1.weight"]


def test_samples_are_as_many_as_asked_for_and_none_twice() -> None:
    everything, looking = diagnostics(), diagnostics(num_samples=7)
    trainer(everything, looking, network=network()).fit(TRAIN, NOTHING)
    for all_of_layer, of_layer in (
        (everything.gradients["linear1.weight"], looking.gradients["linear1.weight"]),
        (everything.gradients["linear2.weight"], looking.gradients["linear2.weight"]),
    ):
        for values, sample in zip(all_of_layer, of_layer, strict=True):
            assert len(sample) == 7
            assert len(set(values.tolist())) > 7
            assert len(set(sample.tolist())) == 7
            assert set(sample.tolist()) <= set(values.tolist())


def test_samples_come_from_rng_alone() -> None:
    looking = [diagnostics(num_samples=7, seed=seed) for seed in (0, 0, 1)]
    trainer(*looking, network=network()).fit(TRAIN, NOTHING)
    first, again, other = (each.gradients["linear1.weight"][-1].tolist() for each in looking)
    assert first == again
    assert first != other


def test_to_look_changes_nothing() -> None:
    states = []
    for callbacks in ([], [diagnostics(num_samples=7)]):
        net = Network(mlp(2, 3, hidden=8, norm="batch", dropout=0.5), rng=np.random.default_rng(0))
        trainer(*callbacks, network=net, epochs=3).fit(TRAIN, blobs(5, seed=1))
        states.append({name: array.tobytes() for name, array in net.state().items()})
    assert states[0] == states[1]


def test_histograms_on_worked_numbers() -> None:
    counts, edges = histograms([np.array([0.0, 1.5, 1.5, 4.0]), np.array([3.5, 2.5])], num_bins=4)
    assert edges == pytest.approx([0, 1, 2, 3, 4], abs=0.02)
    assert counts.tolist() == [[1, 2, 0, 1], [0, 0, 1, 1]]


def test_outliers_do_not_widen_the_bins_but_count_at_their_ends() -> None:
    values = np.random.default_rng(0).uniform(-1, 1, size=100_000)
    values[:50] = 1e6
    counts, edges = histograms([values], num_bins=10)
    assert edges[[0, -1]] == pytest.approx([-1, 1], abs=0.01)
    assert counts.sum() == 100_000
    assert counts[0] == pytest.approx(np.full(10, 10_000), abs=400)


@pytest.mark.parametrize("value", [0.0, 1.0, -3.5, 1e10])
def test_values_that_are_all_the_same_share_one_bin(value: float) -> None:
    counts, edges = histograms([np.full(7, value, np.float32), np.full(9, value, np.float32)])
    assert (np.diff(edges) > 0).all()
    assert edges[0] < value < edges[-1]
    assert sorted(counts[0])[-2:] == [0, 7]
    assert sorted(counts[1])[-2:] == [0, 9]
