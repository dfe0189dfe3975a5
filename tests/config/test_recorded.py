import pytest
from omegaconf import OmegaConf

from scratchlab.config.recorded import recorded_config

SECRET = "0.8642097531"


@pytest.mark.parametrize(
    "reference", ["${oc.env:TOKEN}", "${oc.env:TOKEN,none}", "${ oc.env : TOKEN }", "a ${oc.env:TOKEN}"]
)
def test_references_to_the_environment_stay_references(
    monkeypatch: pytest.MonkeyPatch, reference: str
) -> None:
    monkeypatch.setenv("TOKEN", SECRET)
    config = OmegaConf.create({"a": {"b": [reference]}, "c": "${a.b}", "d": 1, "e": "${d}"})
    assert SECRET in str(config.a.b[0])
    assert recorded_config(config) == {"a": {"b": [reference]}, "c": [reference], "d": 1, "e": 1}
