import numpy as np

from scratchlab.plotting.style import dress, in_lines, new_figure, note, plain_log_ticks, whole_numbers


def test_a_figure_shows_title_above_and_explanation_below_its_axes() -> None:
    figure = new_figure(6, 4, title="Losses", explanation="Lower is better.")
    axes = figure.subplots()
    figure.draw_without_rendering()
    assert (figure.get_suptitle(), figure.get_supxlabel()) == ("Losses", "Lower is better.")
    above, below = (text.get_window_extent() for text in figure.texts)
    box = axes.get_tightbbox()
    assert box is not None
    assert below.y1 < box.y0 < box.y1 < above.y0


def test_dressed_axes_have_labels_and_an_open_frame() -> None:
    axes = new_figure(6, 4, title="Losses").subplots()
    dress(axes, title="first", x="step", y="loss")
    assert (axes.get_title(loc="left"), axes.get_xlabel(), axes.get_ylabel()) == ("first", "step", "loss")
    assert [name for name, spine in axes.spines.items() if spine.get_visible()] == ["left", "bottom"]


def test_a_note_takes_the_place_of_the_axes() -> None:
    axes = new_figure(6, 4, title="Losses").subplots()
    note(axes, "nothing yet")
    assert [text.get_text() for text in axes.texts] == ["nothing yet"]
    assert not axes.axison


def test_only_long_names_are_broken_after_their_dots() -> None:
    assert in_lines("optimizer.lr") == "optimizer.lr"
    assert in_lines("regularization.l2") == "regularization.\nl2"


def test_ticks_of_epochs_are_whole_numbers_even_for_one_epoch() -> None:
    for last in (1, 3, 40):
        axes = new_figure(6, 4, title="Epochs").subplots()
        axes.plot(np.arange(1, last + 1), np.zeros(last))
        whole_numbers(axes.xaxis)
        ticks = np.asarray(axes.get_xticks())
        assert len(ticks) >= 1
        np.testing.assert_array_equal(ticks, np.round(ticks))


def test_logarithmic_ticks_read_as_plain_numbers() -> None:
    figure = new_figure(6, 4, title="Losses")
    axes = figure.subplots()
    axes.set_yscale("log")
    axes.set_ylim(0.04, 3)
    plain_log_ticks(axes.yaxis)
    figure.draw_without_rendering()
    low, high = axes.get_ylim()
    shown = [
        label.get_text()
        for value, label in zip(axes.get_yticks(), axes.get_yticklabels(), strict=True)
        if low <= value <= high
    ]
    assert shown == ["0.05", "0.1", "0.2", "0.5", "1", "2"]


def test_many_decades_keep_powers_of_ten_only() -> None:
    axes = new_figure(6, 4, title="Losses").subplots()
    axes.set_yscale("log")
    axes.set_ylim(0.5, 2e5)
    plain_log_ticks(axes.yaxis)
    shown = [value for value in axes.get_yticks() if 0.5 <= value <= 2e5]
    np.testing.assert_allclose(shown, [1, 10, 100, 1e3, 1e4, 1e5])
