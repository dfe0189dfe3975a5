import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.nn import Array, BatchNorm, Dropout, Layer, Linear, Network, ReLU, cross_entropy

INPUTS = np.random.default_rng(1).standard_normal((5, 3))
TARGETS = np.array([0, 1, 1, 0, 1])


def network_of(*layers: Layer, seed: int = 0, l2: float = 0.0) -> Network:
    return Network(layers, rng=np.random.default_rng(seed), dtype=np.float64, l2=l2)


def two_layers(seed: int = 0, *, l2: float = 0.0) -> Network:
    return network_of(Linear(3, 4), ReLU(), Linear(4, 2), seed=seed, l2=l2)


def test_layers_are_named_after_their_class_and_numbered() -> None:
    network = network_of(Linear(3, 4), BatchNorm(4), ReLU(), Dropout(0.5), Linear(4, 2), ReLU())
    assert network.names == ["linear1", "batchnorm1", "relu1", "dropout1", "linear2", "relu2"]


def test_flat_vectors_hold_all_weights_first() -> None:
    network = network_of(Linear(3, 4), BatchNorm(4), Linear(4, 2))
    names = list(network.views(network.params))
    assert names[:2] == ["linear1.weight", "linear2.weight"]
    assert set(names[2:]) == {"linear1.bias", "batchnorm1.gamma", "batchnorm1.beta", "linear2.bias"}
    assert network.num_weights == 3 * 4 + 4 * 2
    assert network.params.shape == network.grads.shape == (12 + 8 + 4 + 4 + 4 + 2,)


def test_layers_hold_views_into_the_flat_vectors() -> None:
    first, last = Linear(3, 4), Linear(4, 2)
    network = network_of(first, ReLU(), last)
    network.params[...] = np.arange(len(network.params))
    network.grads[...] = -network.params
    assert first.weight.tolist() == np.arange(12).reshape(3, 4).tolist()
    assert last.weight.tolist() == np.arange(12, 20).reshape(4, 2).tolist()
    assert first.bias.tolist() == [20, 21, 22, 23]
    assert last.grad_bias.tolist() == [-24, -25]
    last.bias[0] = 100  # and the other way round
    assert network.params[24] == 100


def test_views_of_any_flat_vector_share_its_memory() -> None:
    network = two_layers()
    velocity = np.zeros_like(network.params)
    network.views(velocity)["linear2.weight"][1, 0] = 7
    assert np.flatnonzero(velocity).tolist() == [12 + 2]


def test_forward_applies_layer_after_layer() -> None:
    network = two_layers()
    own = network.state()
    hidden = np.maximum(INPUTS @ own["linear1.weight"] + own["linear1.bias"], 0)
    expected = hidden @ own["linear2.weight"] + own["linear2.bias"]
    assert network.forward(INPUTS, training=False) == pytest.approx(expected)


def test_forward_tells_every_layer_whether_it_trains() -> None:
    network = network_of(Dropout(0.5), Linear(3, 2))
    calm = [network.forward(INPUTS, training=False).copy() for _ in range(2)]
    assert (calm[0] == calm[1]).all()
    wild = [network.forward(INPUTS, training=True).copy() for _ in range(2)]
    assert (wild[0] != wild[1]).any()


def test_backward_overwrites_the_gradients() -> None:
    network = two_layers()
    _, grad_logits = cross_entropy(network.forward(INPUTS, training=True), TARGETS)
    network.backward(grad_logits)
    grads = network.grads.copy()
    network.grads[...] = np.nan
    network.backward(grad_logits)
    assert (network.grads == grads).all()


def test_nothing_in_front_of_the_first_parameters_is_asked_for_a_gradient() -> None:
    class Deaf(Layer):
        def forward(self, inputs: Array, *, training: bool) -> Array:
            return inputs

        def backward(self, grad_outputs: Array, *, needs_grad_inputs: bool = True) -> Array:
            raise AssertionError("nobody reads this gradient")

    needed: list[bool] = []

    class Asked(Linear):
        def backward(self, grad_outputs: Array, *, needs_grad_inputs: bool = True) -> Array:
            needed.append(needs_grad_inputs)
            return super().backward(grad_outputs, needs_grad_inputs=needs_grad_inputs)

    network = network_of(Deaf(), Asked(3, 4), ReLU(), Asked(4, 2))
    network.backward(network.forward(INPUTS, training=True))
    assert needed == [True, False]  # the last layer first


def test_a_network_without_parameters_is_a_network() -> None:
    network = network_of(ReLU())
    network.backward(network.forward(INPUTS, training=True))
    assert len(network.params) == 0
    assert network.penalty() == 0


def test_the_penalty_is_half_the_sum_of_squared_weights_and_of_no_bias() -> None:
    network = network_of(Linear(1, 2), Linear(2, 1), l2=0.1)
    network.params[...] = [1, 2, 3, 4, 100, 100, 100]
    assert network.penalty() == pytest.approx(0.5 * 0.1 * (1 + 4 + 9 + 16))


def test_backward_adds_the_gradient_of_the_penalty_to_the_weights_alone() -> None:
    free, penalised = two_layers(), two_layers(l2=0.1)
    for network in (free, penalised):
        _, grad_logits = cross_entropy(network.forward(INPUTS, training=True), TARGETS)
        network.backward(grad_logits)
    added = penalised.grads - free.grads
    assert added[:20] == pytest.approx(0.1 * free.params[:20])
    assert (added[20:] == 0).all()


def test_the_same_rng_gives_the_same_parameters_and_another_one_others() -> None:
    assert (two_layers(seed=0).params == two_layers(seed=0).params).all()
    assert (two_layers(seed=0).params[:20] != two_layers(seed=1).params[:20]).all()


def test_dropout_does_not_change_what_the_weights_start_from() -> None:
    dropping = network_of(Dropout(0.2), Linear(3, 4), ReLU(), Dropout(0.5), Linear(4, 2))
    dropping.forward(INPUTS, training=True)
    assert (dropping.params == two_layers().params).all()


def test_dropout_draws_nothing_from_the_generator_that_the_network_was_given() -> None:
    rng = np.random.default_rng(0)
    dropping = Network([Linear(3, 2), Dropout(0.5)], rng=rng)
    before = rng.bit_generator.state
    dropping.forward(INPUTS.astype(np.float32), training=True)
    assert rng.bit_generator.state == before


def test_float32_is_what_networks_train_in() -> None:
    network = Network([Linear(3, 2)], rng=np.random.default_rng(0))
    assert network.dtype == network.params.dtype == network.grads.dtype == np.float32
    assert network.forward(INPUTS.astype(np.float32), training=True).dtype == np.float32


def test_the_state_is_all_that_was_learned_as_views() -> None:
    network = network_of(Linear(3, 4), BatchNorm(4))
    state = network.state()
    assert {name: array.shape for name, array in state.items()} == {
        "linear1.weight": (3, 4),
        "linear1.bias": (4,),
        "batchnorm1.gamma": (4,),
        "batchnorm1.beta": (4,),
        "batchnorm1.running_mean": (4,),
        "batchnorm1.running_var": (4,),
    }
    assert list(network.buffers()) == ["batchnorm1.running_mean", "batchnorm1.running_var"]
    before = state["batchnorm1.running_mean"].copy()
    network.forward(INPUTS, training=True)
    assert (state["batchnorm1.running_mean"] != before).all()


def test_a_state_makes_another_network_the_same() -> None:
    trained = network_of(Linear(3, 4), BatchNorm(4), seed=0)
    trained.forward(INPUTS, training=True)
    other = network_of(Linear(3, 4), BatchNorm(4), seed=1)
    other.load_state(trained.state())
    expected = trained.forward(INPUTS, training=False)
    assert (other.forward(INPUTS, training=False) == expected).all()
    trained.params[...] = 0
    assert (other.params != 0).any()  # a copy: the networks go their own ways


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"linear1.weight": np.zeros((4, 3))}, r"('linear1.weight', (3, 4)), ('linear1.weight', (4, 3))"),
        ({"linear3.bias": np.zeros(2)}, r"('linear3.bias', (2,))"),
    ],
)
def test_the_state_of_another_network_is_refused_and_changes_nothing(
    wrong: dict[str, Array], named: str
) -> None:
    network = two_layers()
    before = network.params.copy()
    zeros = {name: np.zeros_like(array) for name, array in network.state().items()}
    with pytest.raises(ValueError, match="the state belongs to another network; they differ in") as caught:
        network.load_state(zeros | wrong)
    assert str(caught.value).endswith(f"in [{named}]")
    assert (network.params == before).all()


def test_a_state_with_something_missing_is_refused() -> None:
    network = two_layers()
    state = network.state()
    del state["linear2.bias"]
    with pytest.raises(ValueError, match=r"they differ in \[\('linear2.bias', \(2,\)\)\]$"):
        network.load_state(state)


def test_the_strength_of_the_penalty_is_no_less_than_zero() -> None:
    with pytest.raises(ArgumentError, match=r"^l2=-0.1: expected a number of at least 0$"):
        two_layers(l2=-0.1)
