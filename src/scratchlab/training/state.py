"""What a training has to remember in order to go on later: arrays by name, which a file can hold without pickle."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

State = dict[str, NDArray[Any]]
"""Names with dots say what belongs together: `network.linear1.weight`."""


def prefixed(prefix: str, state: Mapping[str, NDArray[Any]]) -> State:
    """Return the state of a part as a part of a larger one."""
    return {f"{prefix}.{name}": array for name, array in state.items()}


def part_of(state: Mapping[str, NDArray[Any]], prefix: str) -> State:
    """Return copies of what `prefixed` has put into a larger state."""
    start = f"{prefix}."
    return {name.removeprefix(start): array.copy() for name, array in state.items() if name.startswith(start)}


def written(value: object) -> NDArray[Any]:
    """Return numbers and text, also in lists and dictionaries, as an array of one text; floats stay what they are."""
    return np.array(json.dumps(value))


def read(array: NDArray[Any]) -> Any:
    """Return what was `written`."""
    return json.loads(str(array))


def rng_state(rng: np.random.Generator) -> NDArray[Any]:
    """Return what the next draws of a generator follow from, one of `np.random.default_rng`."""
    return written(rng.bit_generator.state)


def set_rng_state(rng: np.random.Generator, state: NDArray[Any]) -> None:
    """Have a generator draw what the one would have drawn whose `rng_state` this is."""
    rng.bit_generator.state = read(state)
