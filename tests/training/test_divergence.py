import math

import numpy as np
import pytest

from scratchlab.nn import SGD, Array, Linear, Network, Targets, cross_entropy, inverse_t
from scratchlab.training import DivergenceError, History, StopOnDivergence, Trainer
from tests.training.toys import NOTHING, blobs, network, trainer


class Breaking:
    """A loss that turns into something else at a call."""

    def __init__(self, at: int, loss: float) -> None:
        self.at, self.loss, self.calls = at, loss, 0

    def __call__(self, logits: Array, targets: Targets) -> tuple[float, Array]:
        self.calls += 1
        loss, grad_logits = cross_entropy(logits, targets)
        return (self.loss if self.calls == self.at else loss), grad_logits


@pytest.mark.parametrize("loss", [math.nan, math.inf, -math.inf])
def test_training_ends_at_the_step_and_says_what_to_type(loss: float) -> None:
    history = History()
    toy = trainer(StopOnDivergence(), history, network=network(), loss_fn=Breaking(2, loss))
    with pytest.raises(DivergenceError) as caught:
        toy.fit(blobs(10), NOTHING)
    assert str(caught.value) == (
        f"the loss is {loss} at step 2 (epoch 1): training diverged at a learning rate of 0.05; "
        "try optimizer.lr=0.005"
    )
    assert len(history.step_losses) == 1  # callbacks behind it are not told of that step


def test_the_learning_rate_it_names_is_that_of_the_step() -> None:
    toy = Trainer(
        network(),
        Breaking(3, math.nan),
        SGD(),
        inverse_t(lr=0.06, num_steps=9, decay_steps=1),
        epochs=1,
        batch_size=1,
        rng=np.random.default_rng(0),
        callbacks=[StopOnDivergence()],
    )
    with pytest.raises(DivergenceError, match=r"learning rate of 0\.02; try optimizer\.lr=0\.002$"):
        toy.fit(blobs(10), NOTHING)


@pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")
@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
def test_a_learning_rate_that_is_far_too_large_is_such_an_end() -> None:
    # The penalty's gradient alone makes the weights 99 times as large in every step.
    linear = Network([Linear(2, 3)], rng=np.random.default_rng(0), l2=2000.0)
    toy = trainer(StopOnDivergence(), network=linear, epochs=50)
    with pytest.raises(DivergenceError, match=r"^the loss is (nan|inf) (at|after) step \d+ \(epoch \d+\)"):
        toy.fit(blobs(30), NOTHING)


def test_a_loss_that_is_merely_large_is_none() -> None:
    toy = trainer(StopOnDivergence(), network=network(), loss_fn=Breaking(2, 1e300), epochs=1)
    toy.fit(blobs(10), NOTHING)
    assert toy.step == 3


def test_a_very_last_update_that_diverges_is_noticed_after_its_epoch() -> None:
    # Calls 1 to 3 are the steps of the epoch, the fourth is its evaluation.
    history = History()
    toy = trainer(StopOnDivergence(), history, network=network(), loss_fn=Breaking(4, math.nan), epochs=1)
    with pytest.raises(DivergenceError) as caught:
        toy.fit(blobs(10), NOTHING)
    assert str(caught.value) == (
        "the loss is nan after step 3 (epoch 1): training diverged at a learning rate of 0.05; "
        "try optimizer.lr=0.005"
    )
    assert len(history.step_losses) == 3
    assert history.epochs == []
