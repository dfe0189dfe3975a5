"""The page of the scoreboard, made from the rows and the files of their results, and from nothing else."""

import math
import shlex
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from experiments.scoreboard.pictures import FIGURES, SCOREBOARD, Drawn
from experiments.scoreboard.result import Result
from experiments.scoreboard.row import DATA, SEEDS, SEEDS_OF_SHORT_RUNS, SHORT_RUN_MINUTES, STATUSES, Row
from experiments.scoreboard.score import Score, Verdict

NOTHING = "—"
UNVERIFIED = "data.verify_checksum=false"
NUMBERS = {SEEDS: "three", SEEDS_OF_SHORT_RUNS: "five", SHORT_RUN_MINUTES: "five"}

RULES = f"""\
- The test images are read once per run, at its end, and nothing is chosen by them. Epochs, schedules and
  hyperparameters are fixed in advance, or chosen on validation images. Where a row was run anew with another recipe
  after its first figure was known, the recipe's header or the row's page tells of it, and of that figure.
- A run counts if it came to its end and has the configuration of its recipe as the repository has it, to the last
  value. A run that was shortened, or made with an earlier recipe, does not enter the table; those of earlier recipes
  that were in it are in `results/earlier/`.
- Means are over at least {NUMBERS[SEEDS]} seeds, {NUMBERS[SEEDS_OF_SHORT_RUNS]} where a run takes less than
  {NUMBERS[SHORT_RUN_MINUTES]} minutes. Where nothing is left to chance, as in nearest neighbours, there is one run;
  and there is one of an ensemble, whose members have as many seeds. The spread behind ± is the standard deviation
  of the runs.
- The standard error of a mean m over n seeds on N test images is se = √(m (1 - m) / N + s² / n). The first part is
  that of the images, which more seeds do not make smaller, for they all see the same; the second, with the spread
  s, is that of the seeds. Both count, because with other images and with other seeds the mean would have been
  another. The column shows se, and in brackets the part of the images.
- *Beaten*: our mean is more than two standard errors better than the published error; *matched*: within two;
  *missed*: more than two worse. The published error is taken as it stands. A row that has not all of its runs yet
  gets no verdict.
- Minutes are those of training and evaluating one network on this machine, two shared cores; of an ensemble, of all
  its members."""


def page(rows: Sequence[Row], results: Mapping[str, Sequence[Result]], pictures: Sequence[str]) -> str:
    """Return the page in Markdown.

    Args:
        rows: in their order.
        results: of each row, by its name.
        pictures: the names of those that there are, PNG files beside the page.
    """
    return "\n".join(_lines(rows, results, pictures)) + "\n"


def verdict(row: Row, results: Sequence[Result]) -> Verdict | None:
    """Return the verdict about a row; None where it has too few runs for one, or no published error."""
    if row.error is None or len(results) < row.num_runs:
        return None
    return score_of(results).verdict(row.error)


def score_of(results: Sequence[Result]) -> Score:
    """Return the test errors of a row's runs, at least one, in numbers."""
    return Score([result.test_error for result in results], results[0].num_test)


def _lines(
    rows: Sequence[Row], results: Mapping[str, Sequence[Result]], pictures: Sequence[str]
) -> Iterator[str]:
    held = [row for row in rows if row.error is not None]
    yield "# Scoreboard: published results of fully connected networks, reproduced"
    yield ""
    yield (
        "Test errors in per cent. Written by `make scoreboard` from the runs in [results/](results), a file per row: "
        "change nothing here by hand. `make scoreboard-run` runs what is missing, and goes on where it was "
        "interrupted; `make scoreboard-quick` does so for the rows marked *quick*, which take less than a quarter of "
        "an hour together."
    )
    yield ""
    yield f"**{_summary(held, results)}**"
    yield ""
    if SCOREBOARD in pictures:
        yield f"![Published test errors and ours]({SCOREBOARD}.png)"
        yield ""
    for data, title in DATA.items():
        shown = [row for row in held if row.data == data]
        if shown:
            yield from _table(title, shown, results)
    yield from _curves(rows, results, pictures)
    yield from ("## Rules", "", RULES, "", "## Published numbers", "")
    yield "How sure each is stands behind it, where it is known:"
    yield ""
    yield from (f"- {status}: {meaning}" for status, meaning in STATUSES.items())


def _table(title: str, rows: Sequence[Row], results: Mapping[str, Sequence[Result]]) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    yield (
        "| paper | network | its error | ours, mean ± spread (n) | best, worst | standard error (images) | verdict "
        "| epochs | minutes | paper's hours | command |"
    )
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for row in rows:
        cells = [
            _linked(row.paper, row),
            row.network,
            _published(row),
            *_ours(row, results[row.name]),
            row.hours or NOTHING,
            command(row),
        ]
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
    yield ""
    if any(UNVERIFIED in training.overrides for row in rows for training in row.trainings):
        yield (
            f"`{UNVERIFIED}` takes files with other bytes than the official ones: here a set that was recompressed as "
            "JPEG, on which accuracies are about the same."
        )
        yield ""


def _linked(text: str, row: Row) -> str:
    """Make a text the link to the row's page, if it has one."""
    return f"[{text}]({row.page})" if row.page else text


def _published(row: Row) -> str:
    assert row.error is not None
    status = f" ({row.status})" if row.status else ""
    return f"{f'{row.error:.2f} {row.spread}'.rstrip()}{status}"


def _ours(row: Row, results: Sequence[Result]) -> list[str]:
    """Return the cells with our results."""
    if not results:
        return ["no runs yet", *[NOTHING] * 5]
    score = score_of(results)
    spread = "" if math.isnan(score.std) else f" ± {score.std:.2f}"
    judged = verdict(row, results)
    epochs = f"{max(result.epochs for result in results) or NOTHING}"
    minutes = statistics.mean(result.seconds for result in results) / 60
    return [
        f"{score.mean:.2f}{spread} ({score.n})",
        f"{min(score.errors):.2f}, {max(score.errors):.2f}",
        f"{score.standard_error:.3f} ({score.test_standard_error:.3f})",
        f"{score.n} of {row.num_runs} runs" if judged is None else f"**{judged}**",
        epochs,
        f"{minutes:.1f}",
    ]


def command(row: Row) -> str:
    """Return what to type for all runs of a row, as the page shows it."""
    commands = [shlex.join(["python", "train.py", *training.arguments()]) for training in row.trainings]
    typed = ", ".join(f"`{each}`" for each in commands)
    if row.is_ensemble:
        named = "the folder that it names" if len(commands) == 1 else "the folders that they name"
        typed += f", then `python ensemble.py` with {named}"
    return f"{typed} (*quick*)" if row.is_quick else typed


def _summary(rows: Sequence[Row], results: Mapping[str, Sequence[Result]]) -> str:
    verdicts = Counter(verdict(row, results[row.name]) for row in rows)
    counted = [f"{verdicts[each]} {each}" for each in Verdict]
    missing = [f"{verdicts[None]} without all of their runs"] * (verdicts[None] > 0)
    return f"{len(rows)} rows: {', '.join(counted + missing)}."


def _curves(
    rows: Sequence[Row], results: Mapping[str, Sequence[Result]], pictures: Sequence[str]
) -> Iterator[str]:
    for name, figure in FIGURES.items():
        shown = [row for row in rows if row.figure == name and row.error is None]
        if not shown:
            continue
        yield f"## {figure.title}"
        yield ""
        if name in pictures:
            yield f"![{figure.title}]({name}.png)"
            yield ""
        for row in shown:
            runs = results[row.name]
            counted = f"{len(runs)} of {row.num_runs} runs, {_end(figure, runs)}" if runs else "no runs yet"
            yield f"- {_linked(row.label, row)}, {counted}: {command(row)}"
        yield ""


def _end(figure: Drawn, results: Sequence[Result]) -> str:
    """Return what the curves of a row end at."""
    ends = figure.ends(results).tolist()
    spread = f" ± {statistics.stdev(ends):.2g}" if len(ends) > 1 else ""
    return f"at the end {statistics.mean(ends):.3g}{spread}"
