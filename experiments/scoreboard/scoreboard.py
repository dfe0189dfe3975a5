"""The scoreboard as a whole: its rows, their files of results, its page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from experiments.scoreboard.board import FILE, read_board
from experiments.scoreboard.export import export, results_file
from experiments.scoreboard.page import page
from experiments.scoreboard.pictures import draw
from experiments.scoreboard.recipe import Recipe, RecipeError
from experiments.scoreboard.result import read_results
from experiments.scoreboard.row import Row
from scratchlab.arguments import one_of

PAGE = "README.md"


@dataclass(frozen=True)
class Scoreboard:
    """The rows in `folder/scoreboard.yaml`, with results and page beside them."""

    folder: Path
    rows: list[Row]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the rows.

        Raises:
            BoardError: the file cannot be used.
        """
        return cls(folder, read_board(folder / FILE))

    def named(self, names: Sequence[str]) -> list[Row]:
        """Return the rows with these names; with none, all of them.

        Raises:
            ArgumentError: there is no row of a name.
        """
        known = [row.name for row in self.rows]
        for name in names:
            one_of(known, ROW=name)
        return [row for row in self.rows if not names or row.name in names]

    def refresh(self, uri: str) -> Iterator[str]:
        """Bring the results up to date with a tracking store; yield what there is to say about it.

        Raises:
            ConnectionError: the server does not answer.
            ValueError: a file of results is damaged, or `uri` is no store.
        """
        for row in self.rows:
            try:
                left = export(Recipe.of(row), uri=uri, folder=self.folder)
            except RecipeError as error:
                yield f"{error}; its results stay as they are"
                continue
            if left:
                yield (
                    f"{row.name}: its recipe has changed, what was run before is in results/earlier now; "
                    f"python -m experiments.scoreboard --run {row.name} runs it anew"
                )

    def write(self) -> str:
        """Draw the pictures and write the page from the files of results; return the page.

        Raises:
            ValueError: a file of results is damaged.
        """
        results = {row.name: read_results(results_file(self.folder, row.name)) for row in self.rows}
        text = page(self.rows, results, draw(self.rows, results, self.folder))
        (self.folder / PAGE).write_text(text, encoding="utf-8")
        return text
