"""Draw docs/images/architecture.svg from the code: the floors of the package and which floor imports which.

python tools/architecture.py
"""

import ast
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "scratchlab"
PICTURE = ROOT / "docs" / "images" / "architecture.svg"
ROW, LEFT, WIDTH = 34, 250, 900
"""Pixels: the height of a floor, the room for the arcs, the width of the picture."""


def floors() -> list[str]:
    """Return the floors from the top down, each as low as what it imports lets it be."""
    left = {
        path.stem
        for path in PACKAGE.iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()
    }
    imported = {floor: imports_of(floor) & left for floor in left}
    ordered: list[str] = []
    while left:
        lowest = sorted(floor for floor in left if not imported[floor] & left)
        assert lowest, f"a circle among {sorted(left)}"
        ordered = [*lowest, *ordered]
        left -= set(lowest)
    return ordered


def imports_of(floor: str) -> set[str]:
    """Return the floors that the modules of a floor import, inside functions too."""
    folder = PACKAGE / floor
    names: set[str] = set()
    for path in folder.rglob("*.py") if folder.is_dir() else [folder.with_suffix(".py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name.split(".")[1] for name in names if name.startswith("scratchlab.")} - {floor}


def sentence(floor: str) -> str:
    """Return the first sentence of a floor's docstring."""
    folder = PACKAGE / floor
    path = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    text = ast.get_docstring(ast.parse(path.read_text())) or ""
    return text.partition("\n")[0]


def drawn() -> str:
    """Return the picture as SVG: a row for each floor, an arc from each floor to those that it imports."""
    order = floors()
    y = {floor: ROW * (number + 1) for number, floor in enumerate(order)}
    lines = []
    for floor in order:
        for other in sorted(imports_of(floor) & y.keys(), key=y.__getitem__):
            reach = LEFT - 20 - 13 * (order.index(other) - order.index(floor))
            lines.append(
                f'<path d="M{LEFT},{y[floor]} C{reach},{y[floor]} {reach},{y[other]} {LEFT},{y[other]}" class="arc"/>'
            )
    for floor in order:
        lines += [
            f'<circle cx="{LEFT}" cy="{y[floor]}" r="4"/>',
            f'<text x="{LEFT + 14}" y="{y[floor] + 5}"><tspan class="name">{floor}</tspan> '
            f"<tspan>{escape(sentence(floor))}</tspan></text>",
        ]
    height = ROW * (len(order) + 1)
    style = (
        "text{font:13px sans-serif;fill:#444}.name{font-weight:bold;fill:#111}"
        ".arc{fill:none;stroke:#7a8fb5;stroke-opacity:.55}circle{fill:#2f5597}"
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}">',
            f"<style>{style}</style>",
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
            *lines,
            "</svg>\n",
        ]
    )


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
