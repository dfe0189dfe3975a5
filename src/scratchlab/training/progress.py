"""What a person sees while a network trains: a line per epoch, and a bar for the epoch that is running."""

from collections.abc import Mapping
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from scratchlab.training.callback import Callback
from scratchlab.training.trainer import Trainer

HEADER = "  epoch      loss     train       val   seconds   samples/s"
REFRESH_SECONDS = 0.1


class ProgressBar(Callback):
    """Shows how far the running epoch is, on a terminal; elsewhere nothing.

    Args:
        console: printed to.
        num_examples: trained on in an epoch.
        title: in front of the number of the epoch.
    """

    def __init__(self, console: Console, *, num_examples: int, title: str = "") -> None:
        self._console = console
        self._title = f"{title}  " if title else ""
        self._num_examples = num_examples
        self._progress = Progress(
            TextColumn("  {task.description}"),
            BarColumn(bar_width=40),
            TextColumn("{task.percentage:>3.0f} %  loss {task.fields[loss]:.4f}"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._bar = self._progress.add_task("", total=None, loss=float("nan"))
        self._next_refresh = 0.0

    def on_train_start(self, trainer: Trainer) -> None:
        """Show the bar."""
        self._progress.start()

    def on_step_end(self, trainer: Trainer, loss: float) -> None:
        """Move the bar, ten times a second at most: a step takes a millisecond."""
        now = monotonic()
        if now < self._next_refresh:
            return
        self._next_refresh = now + REFRESH_SECONDS
        steps_per_epoch = -(-self._num_examples // trainer.batch_size)
        done = trainer.step - (trainer.epoch - 1) * steps_per_epoch
        self._progress.update(
            self._bar,
            description=f"{self._title}epoch {trainer.epoch}",
            total=steps_per_epoch,
            completed=done,
            loss=loss,
        )

    def close(self) -> None:
        """Take the bar away and give the cursor back."""
        self._progress.stop()


class ProgressTable(ProgressBar):
    """Prints one line per epoch; on a terminal a bar below shows the running epoch.

    The columns are the training loss, the accuracies on training and validation examples, the seconds that
    the epoch took with its evaluations, and the examples trained on per second.
    """

    def on_train_start(self, trainer: Trainer) -> None:
        """Print the header, and show the bar."""
        self._console.print(HEADER, style="bold", highlight=False)
        super().on_train_start(trainer)

    def on_epoch_end(self, trainer: Trainer, metrics: Mapping[str, float]) -> None:
        """Print the epoch's line."""
        seconds = metrics["time/train_seconds"] + metrics["time/evaluation_seconds"]
        self._console.print(
            f"{trainer.epoch:>4}/{trainer.epochs:<4}"
            f"{metrics['train/loss']:>8.4f}"
            f"{_percent(metrics['train/accuracy']):>10}"
            f"{_percent(metrics.get('val/accuracy')):>10}"
            f"{seconds:>10.2f}"
            f"{metrics['speed/examples_per_second']:>12,.0f}",
            highlight=False,
        )


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.2f} %"
