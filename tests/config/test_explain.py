import re
import sys
from pathlib import Path

import pytest
from hydra.errors import MissingConfigException
from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException

from scratchlab.arguments import ArgumentError
from scratchlab.config.build import build, load
from scratchlab.config.explain import explain, explain_argument, explain_missing
from scratchlab.config.project import CONFIG_FOLDER
from scratchlab.tracking import JOURNAL
from tests.composed import composed
from tests.launched import launch


def options(group: str) -> str:
    """The options of a group as they are listed for a person."""
    return ", ".join(sorted(path.stem for path in (CONFIG_FOLDER / group).glob("*.yaml")))


def refused(*typed: str) -> str:
    """Compose and build what must be refused, and return what a person is told."""
    try:
        config = composed(*typed)
    except Exception as error:  # as `launch` does
        return explain(error, typed, is_sweep=False)
    try:
        build(config, load(config))
    except ArgumentError as error:
        return explain_argument(error, config)
    except OmegaConfBaseException as error:
        return explain_missing(error, config)
    raise AssertionError("nothing was refused")


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize(
    ("script", "arguments", "said"),
    [
        ("train.py", ["data=digits", "optimizer.lr=0"], "optimizer.lr=0: expected a number above 0"),
        (
            "check.py",
            ["data=digits", "regularization.dropout=1.5"],
            "regularization.dropout=1.5: expected a number from 0 to below 1",
        ),
        (
            "train.py",
            ["data=digits", "tracking.uri=foo"],
            "tracking.uri=foo: expected http://HOST:PORT of an MLflow server, or sqlite:///FILE.db",
        ),
        ("train.py", ["data=digits", "+tracking.foo=1"], "tracking.foo=1: expected one of the keys uri, "),
        (
            "train.py",
            ["data=digits", "tracking=off", "+tracking.foo=1"],
            "tracking.foo=1: expected nothing: there are no keys to set",
        ),
        ("train.py", ["data=digits", "~model"], "model: missing from the configuration, and there is no run"),
        (
            "train.py",
            ["optimizer.momentun=0"],
            "optimizer.momentun=0: expected one of the keys lr, momentum,",
        ),
        ("train.py", ["--config-dir=/nowhere"], "Additional config directory '/nowhere' not found"),
        ("train.py", ["-m", "data=digits", "optimizer=adam,adm"], "optimizer=adm: expected one of "),
        ("train.py", ["-m", "data=digits", "modle=1,2"], "modle=1,2: expected one of the keys "),
    ],
)
def test_a_command_that_is_refused_leaves_one_sentence_and_no_record(
    tmp_path: Path, script: str, arguments: list[str], said: str
) -> None:
    ended = launch(script, *arguments, cwd=tmp_path)
    assert (ended.code, ended.stdout) == (2, "")
    assert ended.stderr.startswith(said)
    assert len(ended.stderr.splitlines()) == 1
    assert not list(tmp_path.rglob(JOURNAL))
    assert not list(tmp_path.rglob("mlruns"))


@pytest.mark.parametrize("typed", ["hydra.mode=RUN", "hydra.mode=MULTIRUN"])
def test_hydras_own_way_to_choose_between_run_and_sweep_still_counts(tmp_path: Path, typed: str) -> None:
    overrides = (typed, "data=digits", "tracking=off", "sweep.dry_run=true", "seed=0,1")
    ended = launch("train.py", *overrides, cwd=tmp_path)
    assert ("2 of 2 runs would start" in ended.stdout) == (typed == "hydra.mode=MULTIRUN")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("optimizer.lr=abc", "a number above 0"),
        ("optimizer.lr=null", "a number above 0"),
        ("optimizer.lr=[1, 2]", "a number above 0"),
        ("regularization.dropout=1.5", "a number from 0 to below 1"),
        ("schedule.warmup_fraction=2", "a number from 0 to below 1"),
        ("model.hidden=0", "a whole number of at least 1, or a list of them like [500,300]"),
        ("model.hidden=wide", "a whole number of at least 1, or a list of them like [500,300]"),
        ("model.activation=relo", "one of relu, leaky_relu, tanh, sigmoid, did you mean relu?"),
        ('model.activation=["relu"]', "one of relu, leaky_relu, tanh, sigmoid, did you mean relu?"),
        ("trainer.epochs=1.5", "a whole number of at least 1"),
        ("trainer.diagnostics=yes", "true or false"),
        ("seed=-1", "a whole number of at least 0"),
        ("data.num_val=70000", "a whole number from 0 to 1436: one image must be left to train on"),
        (
            "data.preprocessing=scal",
            "one of scale, divide_by_256, subtract_mean, standardize, did you mean scale?",
        ),
        ("optimizer.lr=${oc.env:PATH}", "a number above 0"),  # and what PATH is stays where it is
    ],
)
def test_a_value_that_a_part_refuses(typed: str, expected: str) -> None:
    assert refused("data=digits", typed) == f"{typed}: expected {expected}"


@pytest.mark.parametrize(
    ("typed", "group", "hint"),
    [
        ("optimizer=adm", "optimizer", ", did you mean adam?"),
        ("+optimizer=adm", "optimizer", ", did you mean adam?"),
        ("optimizer=", "optimizer", ""),
        ("optimizer=[adam,adm]", "optimizer", ""),
        ("schedule=cosin", "schedule", ", did you mean cosine?"),
        ("data=foo", "data", ""),
        ("trainer=5", "trainer", ""),
        ("model=null", "model", ""),
        ("debug=one-step", "debug", ", did you mean one_step?"),
        ("hydra/job_logging=plan", None, ", did you mean plain?"),
    ],
)
def test_an_option_that_does_not_exist(typed: str, group: str | None, hint: str) -> None:
    allowed = "default, disabled, none, plain, stdout" if group is None else options(group)
    assert refused(typed) == f"{typed}: expected one of {allowed}{hint}"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("model.hiden=5", r"hidden, activation, .*, did you mean hidden\?"),
        ("~model.hiden", r"hidden, activation, .*, did you mean hidden\?"),
        ("loss.foo=1", "label_smoothing"),
        ("optimizer.lr.foo=5", r"lr, momentum, did you mean lr\?"),
        ("optimizer.beta1=0.9", "lr, momentum"),
        ("modle=mlp", r".*, model, .*, seed, did you mean model\?"),
        ("hidden=5", r".*, model, .*, seed, did you mean model.hidden\?"),
        ("foo=1", ".*, model, .*, seed"),
    ],
)
def test_a_key_that_does_not_exist(typed: str, said: str) -> None:
    expected = f"{re.escape(typed)}: expected one of the keys {said}"
    assert re.fullmatch(expected, refused(typed))


def test_of_several_overrides_the_one_that_failed_is_to_blame() -> None:
    said = refused("+optimizer.new=3", "~optimizer.lr", "optimizer.lr=1", "optimizer.rate=2")
    assert said == "optimizer.lr=1: expected one of the keys momentum, new"


def test_the_keys_are_those_of_the_chosen_options() -> None:
    said = refused("optimizer.beta3=0.9", "optimizer=adam")
    assert said.startswith(
        "optimizer.beta3=0.9: expected one of the keys lr, beta1, beta2, eps, did you mean beta"
    )


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("+optimizer.foo=3", "one of the keys lr, momentum"),
        ("++optimizer.momentun=0.5", r"one of the keys lr, momentum, did you mean momentum\?"),
        ("+trainer.foo=1", "one of the keys .*epochs, batch_size, max_steps"),
        ("+trainer.rng=1", "one of the keys .*epochs, batch_size, max_steps"),
        ("+data.foo=1", "one of the keys num_val, limit_train, limit_test, preprocessing, verify_checksum"),
        ("+loss.logits=1", "one of the keys label_smoothing"),
    ],
)
def test_an_added_key_that_nothing_would_read(typed: str, expected: str) -> None:
    said = refused("data=digits", typed)
    assert re.fullmatch(f"{typed.lstrip('+')}: expected {expected}", said)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("+optimizer.lr=3", "+optimizer.lr=3: optimizer.lr is there already, expected optimizer.lr=3"),
        ("+optimizer=adam", "+optimizer=adam: optimizer is there already, expected optimizer=adam"),
        ("seed=1,2", "seed=1,2: expected one value; `-m` in front sweeps over all, [1,2] is a list"),
        ("~seed", "seed: missing from the configuration, and there is no run without it"),
        ("~model.hidden", "model.hidden: missing from the configuration, and there is no run without it"),
        ("model.hidden=???", "model.hidden=???: Missing mandatory value: model.hidden"),
        ("model.hidden=${foo}", "model.hidden=${foo}: Interpolation key 'foo' not found"),
        ("~regularization.l2", "regularization.l2: missing from the configuration, and there is no run "),
        ("optimizer.lr=${foo:1}", "optimizer.lr=${foo:1}: Unsupported interpolation type foo"),
        ("optimizer@foo=adam", "optimizer@foo=adam: Could not override 'optimizer@foo'."),
        ("hydra.foo=1", "hydra.foo=1: Could not override 'hydra.foo'."),
    ],
)
def test_other_things_that_cannot_be_composed(typed: str, said: str) -> None:
    assert refused("data=digits", typed).startswith(said)


@pytest.mark.parametrize(
    "typed", ["model.hidden=[500", "optimizer.lr='", '"seed=1', "seed", "a=b=c", "model.", "seed=1 seed=2"]
)
def test_what_is_no_override(typed: str) -> None:
    assert refused(typed) == (
        f"{typed}: expected group=option or group.key=value; "
        "a value with special characters goes into quotes: 'key=\"a,b\"'"
    )


def test_an_empty_argument_can_be_seen() -> None:
    assert refused("").startswith("'': expected group=option or group.key=value; ")


@pytest.fixture
def config() -> DictConfig:
    return composed("data=digits")


def test_the_value_that_others_refer_to_is_to_blame(config: DictConfig) -> None:
    assert config.model.dropout == config.regularization.dropout
    config.regularization.dropout = 7
    error = ArgumentError("dropout", 7, "a fraction")
    assert explain_argument(error, config) == "regularization.dropout=7: expected a fraction"
    config.model.dropout = 8
    error = ArgumentError("dropout", 8, "a fraction")
    assert explain_argument(error, config) == "model.dropout=8: expected a fraction"


def test_of_keys_with_one_name_that_with_the_value_is_to_blame(config: DictConfig) -> None:
    config.merge_with({"data": {"num_val": 3}, "model": {"hidden": 5}})
    config.loss = {"num_val": 4}
    assert explain_argument(ArgumentError("num_val", 4, "more"), config) == "loss.num_val=4: expected more"
    assert explain_argument(ArgumentError("num_val", 3, "more"), config) == "data.num_val=3: expected more"


def test_a_name_that_is_no_key_is_said_as_it_is(config: DictConfig) -> None:
    assert explain_argument(ArgumentError("num_steps", 0, "more"), config) == "num_steps=0: expected more"


@pytest.mark.usefixtures("nowhere")
def test_a_launcher_that_is_not_installed_says_what_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    ended = launch("train.py", "-m", "hydra/launcher=ray", "seed=0,1", cwd=tmp_path)
    said = "hydra/launcher=ray: Ray is not installed; `make distributed` installs it\n"
    assert (ended.code, ended.stderr) == (2, said)


@pytest.mark.parametrize("launcher", ["submitit_local", "submitit_slurm"])
def test_a_launcher_that_hydra_does_not_know_says_what_to_type(
    launcher: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "submitit", None)
    error = MissingConfigException("in Hydra's words", f"hydra/launcher/{launcher}", ["basic", "joblib"])
    said = explain(error, [f"hydra/launcher={launcher}", "seed=0,1"], is_sweep=True)
    assert said == f"hydra/launcher={launcher}: submitit is not installed; `make distributed` installs it"
