import json
import math
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchlab.processes.process import Process
from scratchlab.tracking.journal.records import (
    Artifact,
    Dataset,
    End,
    Metrics,
    Model,
    Record,
    Resumed,
    Start,
    Status,
    Tag,
    decode,
    encode,
)

START = Start(
    run_uuid="f00d",
    experiment="mnist",
    name="adam",
    uri="http://server:5000",
    params={
        "optimizer": "adam",
        "optimizer.lr": 1e-3,
        "model.hidden": [500, 300],
        "name": None,
        "nesterov": True,
    },
    tags={"seed": "0"},
    host="here",
    pid=12,
    process_started="boot/34",
    time_ms=1_700_000_000_000,
    parent="cafe",
)
RECORDS: list[Record] = [
    START,
    Resumed("there", 13, "boot/56", 1_700_000_000_003),
    Metrics(3, 1_700_000_000_001, {"val/accuracy": 0.98}),
    Tag("note", "a\nb"),
    Artifact("artifacts/plots/curves.png", "plots"),
    Dataset("mnist", "ab12", "/data/mnist", 50_000, 10_000, 10_000),
    Model("model"),
    End(Status.KILLED, 1_700_000_000_002),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_is_read_back_as_it_was_written(record: Record) -> None:
    line = encode(record)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert decode(line) == record


def test_a_line_is_json_that_other_programs_can_read() -> None:
    assert json.loads(encode(Metrics(3, 5, {"val/accuracy": 0.5}))) == {
        "record": "metrics",
        "step": 3,
        "time_ms": 5,
        "values": {"val/accuracy": 0.5},
    }


def test_a_journal_from_before_runs_had_parents_is_read() -> None:
    fields = json.loads(encode(START))
    assert fields.pop("parent") == "cafe"
    assert decode(json.dumps(fields).encode()) == replace(START, parent=None)


@given(st.dictionaries(st.text(), st.floats(allow_nan=False)))
def test_names_and_floats_are_exact(values: dict[str, float]) -> None:
    record = decode(encode(Metrics(0, 0, values)))
    assert isinstance(record, Metrics)
    assert {name: struct.pack("d", value) for name, value in record.values.items()} == {
        name: struct.pack("d", value) for name, value in values.items()
    }


def test_nan_is_read_back() -> None:
    record = decode(encode(Metrics(0, 0, {"loss": math.nan})))
    assert isinstance(record, Metrics)
    assert math.isnan(record.values["loss"])


def test_a_float32_keeps_its_value() -> None:
    loss = np.float32(0.1)
    record = decode(encode(Metrics(0, 0, {"loss": float(loss)})))
    assert isinstance(record, Metrics)
    assert np.float32(record.values["loss"]) == loss


def test_half_of_a_surrogate_pair_is_read_back() -> None:
    assert decode(encode(Tag("\ud800", "x\udfff"))) == Tag("\ud800", "x\udfff")


def test_a_parameter_that_json_does_not_know_is_written_as_text() -> None:
    start = Start(**vars(START) | {"params": {"folder": Path("data/mnist")}})
    read = decode(encode(start))
    assert isinstance(read, Start)
    assert read.params == {"folder": "data/mnist"}


def test_a_start_and_a_resumption_name_their_process() -> None:
    assert START.process == Process("here", 12, "boot/34")
    assert Resumed("there", 13, "boot/56", 1).process == Process("there", 13, "boot/56")


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b'{"step": 1}',
        b'{"record": "nothing"}',
        b'{"record": "tag", "key": "a"}',
        b'{"record": "tag", "key": "a", "value": "b", "more": 1}',
        b'{"record": "end", "status": "RUNNING", "time_ms": 1}',
        b"\xff\xfe",
    ],
)
def test_anything_else_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match="expected a record of a journal, found b"):
        decode(line)
