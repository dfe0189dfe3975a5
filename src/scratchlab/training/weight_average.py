"""The average of a network over its steps."""

import numpy as np

from scratchlab.arguments import fraction
from scratchlab.nn import Array, Network
from scratchlab.nn.optimizers.optimizer import BLOCK
from scratchlab.training.callback import Callback
from scratchlab.training.state import State
from scratchlab.training.trainer import Trainer


class WeightAverage(Callback):
    """Makes a network the exponential moving average of its steps wherever it is looked at (Polyak and Juditsky 1992).

        average = d * average + (1 - d) * network after every step,    d = min(decay, (step + 1) / (step + 10))

    It goes back over about 1 / (1 - decay) steps, over fewer in the beginning, or the initial weights would stay in it
    for long. The running statistics of batch normalisation are averaged as the parameters are.

    The trainer's network has the trained values during an epoch, the averaged ones between two epochs and after the
    last: for the evaluation, for the callbacks that look at it then, and in the end. The others wait here meanwhile.
    """

    def __init__(self, decay: float) -> None:
        fraction(ema_decay=decay)
        self._decay = decay
        self._waiting: State = {}

    def on_train_start(self, trainer: Trainer) -> None:
        """Begin with the initial weights as the average."""
        if not self._waiting:
            self._waiting = {name: array.copy() for name, array in _learned(trainer.network).items()}
        self._scratch = np.empty_like(trainer.network.params[:BLOCK])

    def on_epoch_start(self, trainer: Trainer) -> None:
        """Let the network be trained on."""
        self._exchange(trainer.network)

    def on_step_end(self, trainer: Trainer, loss: float) -> None:
        """Bring the average closer to the network, in blocks that stay in the cache."""
        share = 1 - min(self._decay, (trainer.step + 1) / (trainer.step + 10))
        for name, array in _learned(trainer.network).items():
            average = self._waiting[name]
            for start in range(0, len(array), BLOCK):
                block = slice(start, start + BLOCK)
                change = np.subtract(array[block], average[block], out=self._scratch[: len(array[block])])
                change *= share
                average[block] += change

    def on_train_epoch_end(self, trainer: Trainer) -> None:
        """Let the network be the average."""
        self._exchange(trainer.network)

    def state(self) -> State:
        """Return the network that is trained; that of the trainer is the average."""
        return self._waiting

    def load_state(self, state: State) -> None:
        """Go on with the network that another one trained."""
        self._waiting = state

    def _exchange(self, network: Network) -> None:
        for name, array in _learned(network).items():
            now = array.copy()
            array[...] = self._waiting[name]
            self._waiting[name][...] = now


def _learned(network: Network) -> dict[str, Array]:
    """Return the vector of all parameters, and the statistics by name: views."""
    return {"params": network.params} | network.buffers()
