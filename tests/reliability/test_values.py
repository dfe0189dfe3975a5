"""Whatever a run measures, and whatever it calls that: it is on record exactly, and MLflow shows what it can of it."""

import json
import math
import operator
import struct
import sys
from pathlib import Path
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from scratchlab.tracking import Published, open_run, read_journal
from scratchlab.tracking.journal.records import Metrics, Start, Tag
from scratchlab.tracking.publish.command import main
from scratchlab.tracking.store.client import connect
from scratchlab.tracking.store.names import MAX_PARAM, MAX_TAG, Names
from tests.reliability.counts import counts

LONG = st.builds(operator.mul, st.text(min_size=1, max_size=5), st.integers(1, 5000))
TEXTS = st.text() | st.text(alphabet="ab/._@ -:\n#%,=()[]{}$'\"\\\x00\ud800") | LONG
NUMBERS = st.floats() | st.sampled_from([math.nan, math.inf, -math.inf, sys.float_info.max, 5e-324, -0.0])
PARAMS = TEXTS | NUMBERS | st.none() | st.booleans() | st.integers() | st.lists(NUMBERS | TEXTS, max_size=3)

Value = TypeVar("Value")


def generated(values: st.SearchStrategy[Value], num_values: int) -> list[Value]:
    """As many values, always the same."""
    found: list[Value] = []

    @settings(max_examples=num_values, derandomize=True, database=None, deadline=None)
    @given(values)
    def collect(value: Value) -> None:
        found.append(value)

    collect()
    return found


@counts("num_values", few=100, all_of_them=1000)
def test_every_name_and_value_is_read_back(tmp_path: Path, uri: str, num_values: int) -> None:
    params: dict[str, object] = dict(generated(st.tuples(TEXTS, PARAMS), num_values))
    tags = dict(generated(st.tuples(TEXTS.filter(is_no_tag_of_mlflow), TEXTS), num_values))
    metrics = generated(st.tuples(TEXTS, NUMBERS), num_values)
    [name] = generated(LONG, 1)
    folder = tmp_path / "run"
    with open_run(folder, experiment="mnist", name=name, uri=uri, params=params, tags={}, live=False) as run:
        for key, value in tags.items():
            run.set_tag(key, value)
        for step, (key, value) in enumerate(metrics):
            run.log_metrics({key: value}, step=step)
    assert main([str(folder)]) == 0
    in_the_journal(folder, params, tags, metrics)
    in_mlflow(folder, uri, params, tags, metrics)
    print(
        f"{len(params)} parameters, {len(tags)} tags, {len(metrics)} metrics under {len(dict(metrics))} names"
    )


def is_no_tag_of_mlflow(key: str) -> bool:
    return not key.startswith("mlflow")


def in_the_journal(
    folder: Path, params: dict[str, object], tags: dict[str, str], metrics: list[tuple[str, float]]
) -> None:
    """Check that everything is in the journal, bit by bit."""
    journal = read_journal(folder)
    assert isinstance(journal[0], Start)
    assert repr(journal[0].params) == repr(params)  # which tells nan from other numbers, and -0.0 from 0.0
    assert {record.key: record.value for record in journal if isinstance(record, Tag)} == tags
    recorded = [
        (record.step, name, struct.pack("d", value))
        for record in journal
        if isinstance(record, Metrics)
        for name, value in record.values.items()
    ]
    assert recorded == [
        (step, name, struct.pack("d", math.nan if math.isnan(value) else value))
        for step, (name, value) in enumerate(metrics)
    ]


def in_mlflow(
    folder: Path, uri: str, params: dict[str, object], tags: dict[str, str], metrics: list[tuple[str, float]]
) -> None:
    """Check that MLflow has everything, under a name of its own and as well as a database and a limit allow."""
    published = Published.load(folder)
    assert published is not None
    client = connect(uri)
    data = client.get_run(published.run_id).data
    spelled = Names()
    assert {key: shown(value) for key, value in data.metrics.items()} == {
        spelled(name): shown(value) for name, value in metrics
    }
    assert client.get_metric_history(published.run_id, spelled(metrics[-1][0]))[-1].step == len(metrics) - 1
    spelled = Names()
    assert data.params.keys() == {spelled(name) for name in params}
    for name, value in params.items():
        assert means(data.params[spelled(name)], value, MAX_PARAM)
    spelled = Names()
    for name, value in tags.items():
        assert means(data.tags[spelled(name)], value, MAX_TAG)


def shown(value: float) -> str:
    """A number as MLflow can keep it: infinity is the largest there is, and all nan and zeros are the same."""
    return repr(max(-sys.float_info.max, min(value, sys.float_info.max)) + 0.0 if value == value else value)


def means(text: str, value: object, longest: int) -> bool:
    """Tell whether a text says what the value was, as far as it may be long."""
    if len(text) == longest and text.endswith("…"):
        return len(str(value)) >= longest
    return repr(text if isinstance(value, str) else json.loads(text)) == repr(encodable(value))


def encodable(value: object) -> object:
    """The value with a question mark for each half of a surrogate pair, which no text in UTF-8 has."""
    if isinstance(value, list):
        return [encodable(each) for each in value]
    return value.encode("utf-8", errors="replace").decode("utf-8") if isinstance(value, str) else value
