"""From the group `sweep` to the plan that it stands for."""

from collections.abc import Sequence

from hydra.core.override_parser.types import Override
from omegaconf import DictConfig

from scratchlab.app.explain import explain_argument
from scratchlab.app.launch import SweepRefusedError
from scratchlab.app.parts import part
from scratchlab.app.plan import Plan
from scratchlab.arguments import ArgumentError

CONTROLS = ("resume", "dry_run", "max_failures", "fail_fast")
"""What decides whether a planned run is started: keys of the group that are none of the plan's."""
SEARCH = ("sampler", "pruner")
"""Optuna's parts: the sampler is made when the study is there, the pruner in the runs themselves."""


def planned(node: DictConfig, overrides: Sequence[Override], config: DictConfig) -> Plan:
    """Return the plan that `node` describes for these overrides; `config` is to explain errors with.

    Raises:
        SweepRefusedError: there is no such plan, and the sentence says why.
    """
    try:
        plan: Plan = part(
            node,
            aside=[*CONTROLS, *SEARCH],
            overrides=overrides,
            make_sampler=lambda seed: part(node.sampler, seed=seed),
        )
        if "pruner" in node:
            part(node.pruner)  # a value out of range ends it here
    except ArgumentError as error:
        raise SweepRefusedError(explain_argument(error, config)) from None
    return plan
