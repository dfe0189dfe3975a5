import numpy as np

from scratchlab.data import spiral
from scratchlab.nn import SGD, Network, cross_entropy, linear

# CS231n, "Putting it together: minimal neural network case study": softmax regression
# after 190 updates, and its accuracy after 200.
FINAL_LOSS = 0.786302
TRAIN_ACCURACY = 0.49


def test_the_arms_are_equal_in_number_and_lie_in_the_unit_circle() -> None:
    dataset = spiral()
    for split in (dataset.train, dataset.val, dataset.test):
        assert np.bincount(split.targets).tolist() == [100, 100, 100]
        assert np.hypot(*split.inputs.T).max() <= 1 + 1e-6
    assert not np.array_equal(dataset.train.inputs, dataset.val.inputs)


def test_the_first_arm_follows_its_formula() -> None:
    inputs = spiral(num_per_class=50).train.inputs[:50]
    np.testing.assert_allclose(np.hypot(*inputs.T), np.linspace(0, 1, 50), atol=1e-6)
    angles = np.unwrap(np.arctan2(inputs[1:, 0], inputs[1:, 1]))
    assert abs(np.polyfit(np.linspace(0, 4, 50)[1:], angles, 1)[0] - 1) < 0.2


def test_softmax_regression_reproduces_the_published_loss_and_accuracy() -> None:
    train = spiral().train
    inputs = train.inputs.astype(np.float64)
    random = np.random.RandomState(0)
    random.standard_normal(300)  # the points; the notes draw the weights after them
    network = Network(linear(2, 3), rng=np.random.default_rng(0), dtype=np.float64, l2=1e-3)
    network.state()["linear1.weight"][...] = 0.01 * random.standard_normal((2, 3))
    optimizer = SGD()
    losses = []
    for _ in range(200):
        logits = network.forward(inputs, training=True)
        loss, grad_logits = cross_entropy(logits, train.targets)
        losses.append(loss + network.penalty())
        network.backward(grad_logits)
        optimizer.step(network.params, network.grads, lr=1.0)
    assert abs(losses[190] - FINAL_LOSS) < 1e-6
    predictions = network.forward(inputs, training=False).argmax(axis=1)
    assert round(float(np.mean(predictions == train.targets)), 2) == TRAIN_ACCURACY
