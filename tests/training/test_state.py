import math
from io import BytesIO

import numpy as np

from scratchlab.training.state import State, part_of, prefixed, read, rng_state, set_rng_state, written


def through_a_file(state: State) -> State:
    """Write and read arrays as NumPy does without pickle."""
    file = BytesIO()
    np.savez(file, allow_pickle=False, **state)
    with np.load(BytesIO(file.getvalue()), allow_pickle=False) as arrays:
        return dict(arrays)


def test_a_generator_draws_on() -> None:
    rng = np.random.default_rng(7)
    rng.random(3, dtype=np.float32)  # leaves half of a 64-bit word for the next draw
    state = through_a_file({"rng": rng_state(rng)})["rng"]
    expected = rng.random(5, dtype=np.float32).tolist(), rng.permutation(10).tolist()
    other = np.random.default_rng(8)
    set_rng_state(other, state)
    assert (other.random(5, dtype=np.float32).tolist(), other.permutation(10).tolist()) == expected


def test_parts_of_a_state() -> None:
    state = prefixed("a", {"x": np.array(1), "b.y": np.array(2)}) | {"ab.x": np.array(3), "a": np.array(4)}
    assert set(state) == {"a.x", "a.b.y", "ab.x", "a"}
    part = part_of(state, "a")
    assert {name: int(array) for name, array in part.items()} == {"x": 1, "b.y": 2}
    part["x"][...] = 9
    assert state["a.x"] == 1


def test_numbers_are_read_back_to_the_last_bit() -> None:
    value = [{"loss": 0.1 + 0.2, "tiny": 5e-324, "large": -1.7976931348623157e308}, {"loss": math.inf}]
    assert read(through_a_file({"value": written(value)})["value"]) == value
    assert math.isnan(read(written(math.nan)))
