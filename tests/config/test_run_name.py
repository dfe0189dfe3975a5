import pytest

from scratchlab.config.run_name import run_name


@pytest.mark.parametrize(
    ("overrides", "kind", "name"),
    [
        ([], "train", "defaults"),
        ([], "check", "check defaults"),
        (["optimizer=adam", "model.hidden=500"], "train", "optimizer=adam hidden=500"),
        (["optimizer=adam", "model.hidden=500"], "check", "check optimizer=adam hidden=500"),
        (["+experiment=starter", "++seed=3"], "train", "experiment=starter seed=3"),
        (["tracking=off", "tracking.uri=http://u:p@host", "seed=3"], "train", "seed=3"),
        (["sweep.reuse=false", "seed=3"], "train", "seed=3"),
    ],
)
def test_a_run_is_named_after_what_distinguishes_it(overrides: list[str], kind: str, name: str) -> None:
    assert run_name(overrides, kind=kind) == name
