import shlex

from scratchlab.compare.differences import differences, distinct, values_of
from scratchlab.tracking import FINGERPRINT, PastRun


def run(
    *overrides: str, status: str = "FINISHED", fingerprint: str = "", commit: str = "c", **params: str
) -> PastRun:
    """A run; `optimizer__lr` is the parameter `optimizer.lr`."""
    tags = {"scratchlab.overrides": shlex.join(overrides), "mlflow.source.git.commit": commit}
    if fingerprint:
        tags[FINGERPRINT] = fingerprint
    dotted = {key.replace("__", "."): value for key, value in params.items()}
    return PastRun(" ".join(overrides), status, dotted, tags, {})


def test_what_follows_from_what_was_typed_is_no_difference_of_its_own() -> None:
    adam = run("optimizer=adam", optimizer="adam", optimizer__lr="0.002", optimizer__beta1="0.9", seed="0")
    sgd = run("optimizer=sgd", optimizer="sgd", optimizer__lr="0.1", seed="0")
    assert differences([adam, sgd]) == ["optimizer"]


def test_what_was_typed_in_one_run_counts_in_all_in_the_order_of_typing() -> None:
    runs = [
        run("seed=1", "model.hidden=100", seed="1", model__hidden="100", optimizer__lr="0.1"),
        run("optimizer.lr=1e-2", seed="0", model__hidden="100", optimizer__lr="0.01"),
    ]
    assert differences(runs) == ["seed", "optimizer.lr"]
    assert [values_of(each, ["seed", "optimizer.lr"]) for each in runs] == [
        {"seed": "1", "optimizer.lr": "0.1"},
        {"seed": "0", "optimizer.lr": "1e-2"},
    ]


def test_what_nobody_typed_counts_between_runs_that_were_typed_alike() -> None:
    before = run("seed=1", seed="1", trainer__epochs="5", tracking__uri="a")
    after = run("seed=1", seed="1", trainer__epochs="10", tracking__uri="b")
    assert differences([before, after]) == ["trainer.epochs"]
    assert differences([before, after, run("seed=2", seed="2", trainer__epochs="5")]) == [
        "seed",
        "trainer.epochs",
    ]


def test_runs_that_differ_by_the_code_alone_are_told_apart_by_it() -> None:
    runs = [run(commit="0123456789abcdef", seed="0"), run(commit="fedcba9876543210", seed="0")]
    runs[1].tags["scratchlab.git_dirty"] = "true"
    assert differences(runs) == ["commit"]
    assert [values_of(each, ["commit"])["commit"] for each in runs] == ["01234567", "fedcba98 and changes"]
    seeds = [run("seed=1", commit="a", seed="1"), run("seed=2", commit="b", seed="2")]
    assert differences(seeds) == ["seed"]


def test_two_spellings_of_a_value_are_no_difference() -> None:
    runs = [
        run("optimizer.lr=1e-2", optimizer__lr="0.01", model__hidden="[5, 3]"),
        run("optimizer.lr=0.01", optimizer__lr="0.01", model__hidden="[5,3]"),
    ]
    assert differences(runs) == []


def test_a_parameter_that_a_run_does_not_have_differs() -> None:
    runs = [run("+optimizer.beta1=0.9", optimizer__beta1="0.9"), run()]
    assert differences(runs) == ["optimizer.beta1"]
    assert values_of(runs[1], ["optimizer.beta1"]) == {"optimizer.beta1": "—"}


def test_a_value_is_shown_resolved_where_it_was_typed_as_a_reference() -> None:
    assert values_of(run("a=${b}", a="0.5"), ["a"]) == {"a": "0.5"}


def test_overrides_with_spaces_and_quotes_are_read_and_so_are_those_of_others() -> None:
    spaced = run("model.hidden=[20, 10]", model__hidden="[20, 10]")
    assert values_of(spaced, ["model.hidden"]) == {"model.hidden": "[20, 10]"}
    unquoted = run(model__hidden="20", b="x")
    unquoted.tags["scratchlab.overrides"] = "b=it's model.hidden=2e1"
    assert values_of(unquoted, ["model.hidden", "b"]) == {"model.hidden": "2e1", "b": "x"}


def test_a_result_that_comes_twice_counts_once_unless_the_code_has_changed() -> None:
    first, again = run(fingerprint="s"), run(fingerprint="s", note="again")
    killed = run(fingerprint="s", status="KILLED")
    changed, other = run(fingerprint="s", commit="d"), run(fingerprint="t")
    unknown = run()
    assert distinct([first, killed, again, changed, other, unknown, unknown]) == [
        *(again, killed, changed, other, unknown, unknown)
    ]
