from io import StringIO

import pytest
from rich.console import Console

from scratchlab.nn import Array, Targets
from scratchlab.training import ProgressTable, progress
from tests.training.toys import NOTHING, blobs, network, trainer

HIDE_CURSOR, SHOW_CURSOR, ERASE_LINE = "\x1b[?25l", "\x1b[?25h", "\x1b[2K"

METRICS = {
    "train/loss": 0.1234,
    "train/accuracy": 0.98765,
    "val/loss": 0.2,
    "val/accuracy": 0.9,
    "time/train_seconds": 1.25,
    "time/evaluation_seconds": 0.5,
    "speed/examples_per_second": 48000.4,
}


def plain() -> tuple[Console, StringIO]:
    file = StringIO()
    return Console(file=file, force_terminal=False, width=80), file


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> tuple[Console, StringIO]:
    # Without colours a bar is drawn as far as it is full.
    monkeypatch.setenv("TERM", "xterm")
    file = StringIO()
    return Console(file=file, force_terminal=True, color_system=None, width=80), file


def test_without_a_terminal_there_is_a_header_and_a_plain_line_per_epoch() -> None:
    console, file = plain()
    toy = trainer(ProgressTable(console, num_examples=10), network=network(), epochs=3)
    toy.fit(blobs(10), blobs(6, seed=1))
    header, *lines = file.getvalue().splitlines()
    assert header.split() == ["epoch", "loss", "train", "val", "seconds", "samples/s"]
    assert [line.split()[0] for line in lines] == ["1/3", "2/3", "3/3"]
    assert "\x1b" not in file.getvalue()


def test_a_line_on_worked_numbers() -> None:
    console, file = plain()
    table = ProgressTable(console, num_examples=10)
    toy = trainer(table, network=network(), epochs=12)
    toy.epoch = 3
    table.on_train_start(toy)
    table.on_epoch_end(toy, METRICS)
    table.close()
    header, line = file.getvalue().splitlines()
    assert line == "   3/12    0.1234   98.77 %   90.00 %      1.75      48,000"
    assert len(line) == len(header)  # columns end where their titles do


def test_without_validation_examples_its_column_is_a_dash() -> None:
    console, file = plain()
    table = ProgressTable(console, num_examples=10)
    toy = trainer(table, network=network(), epochs=12)
    table.on_epoch_end(toy, {key: value for key, value in METRICS.items() if not key.startswith("val/")})
    assert file.getvalue().split()[3:5] == ["%", "-"]


def last_bar(text: str) -> str:
    """Return the last drawing of the line with the bar."""
    return [line for line in text.splitlines() if "loss" in line and "%" in line][-1]


@pytest.mark.parametrize(("steps", "percent", "filled"), [(1, 25, 10), (2, 50, 20), (4, 100, 40)])
def test_on_a_terminal_a_bar_shows_how_far_the_epoch_is(
    terminal: tuple[Console, StringIO],
    monkeypatch: pytest.MonkeyPatch,
    steps: int,
    percent: int,
    filled: int,
) -> None:
    monkeypatch.setattr(progress, "REFRESH_SECONDS", 0.0)
    console, file = terminal
    table = ProgressTable(console, num_examples=15)
    toy = trainer(table, network=network(), batch_size=4)
    table.on_train_start(toy)
    toy.epoch = 2
    for step in range(1, steps + 1):
        toy.step = 4 + step
        table.on_step_end(toy, 0.5)
    table.close()
    bar = last_bar(file.getvalue())
    assert "epoch 2" in bar
    assert f"{percent} %  loss 0.5000" in bar
    assert bar.count("━") == filled


def test_on_a_terminal_the_lines_stay_and_the_bar_goes(terminal: tuple[Console, StringIO]) -> None:
    console, file = terminal
    toy = trainer(ProgressTable(console, num_examples=10), network=network(), epochs=2)
    toy.fit(blobs(10), NOTHING)
    text = file.getvalue()
    assert "   1/2   " in text
    assert "   2/2   " in text
    assert text.count(HIDE_CURSOR) == text.count(SHOW_CURSOR) == 1
    assert ERASE_LINE in text[text.rindex("loss") :]


def test_the_cursor_comes_back_when_training_fails(terminal: tuple[Console, StringIO]) -> None:
    def broken(logits: Array, targets: Targets) -> tuple[float, Array]:
        raise RuntimeError("broken")

    console, file = terminal
    toy = trainer(ProgressTable(console, num_examples=10), network=network(), loss_fn=broken)
    with pytest.raises(RuntimeError, match=r"^broken$"):
        toy.fit(blobs(10), NOTHING)
    assert SHOW_CURSOR in file.getvalue()[file.getvalue().index(HIDE_CURSOR) :]
