"""How MLflow wants names and values spelled. A journal takes them all; MLflow refuses a whole batch for one."""

import json
import math
import re
import sys

MAX_NAME = 250
MAX_PARAM = 6000
MAX_TAG = 8000
MAX_DATASET_NAME = 500

_REFUSED = re.compile(r"[^/\w.\- ]")


class Names:
    """Spells the names of one kind (a run's metrics, say) so that MLflow takes them and tells them apart.

    Characters that MLflow refuses become `_`: `acc@5` is shown as `acc_5`. Where another name has that spelling
    already, a number follows. Which of the two gets it is a matter of which came first, so that the same journal
    gives the same spellings each time it is published.
    """

    def __init__(self) -> None:
        self._spelled: dict[str, str] = {}
        self._taken: set[str] = set()

    def __call__(self, name: str) -> str:
        """Return the spelling of a name."""
        if name not in self._spelled:
            spelling = plain = _accepted(name)
            number = 2
            while spelling in self._taken:
                spelling = f"{plain[: MAX_NAME - 8]}-{number}"
                number += 1
            self._taken.add(spelling)
            self._spelled[name] = spelling
        return self._spelled[name]


def value_of_metric(value: float) -> float:
    """Return the value; infinity, which no database holds, as the largest number (NaN is MLflow's to keep)."""
    return math.copysign(sys.float_info.max, value) if math.isinf(value) else value


def text(value: object, longest: int) -> str:
    """Return a parameter or a tag as text: as it is typed on the command line, and cut at `longest` characters."""
    typed = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    printable = typed.encode("utf-8", errors="replace").decode("utf-8")
    return printable if len(printable) <= longest else printable[: longest - 1] + "…"


def _accepted(name: str) -> str:
    """Return the name as MLflow would take it: its characters, and a path that means itself."""
    parts = [part for part in _REFUSED.sub("_", name).split("/") if part not in ("", ".")]
    path = "/".join("__" if part == ".." else part for part in parts)[:MAX_NAME].rstrip("/")
    return re.sub(r"^\.\.", "__", path) or "_"
