"""From the group `sweep` to the plan that it stands for."""

from collections.abc import Sequence

from hydra.core.override_parser.types import Override
from omegaconf import DictConfig

from scratchlab.arguments import ArgumentError
from scratchlab.config.build import part
from scratchlab.config.explain import explain_argument
from scratchlab.config.launch import SweepRefusedError
from scratchlab.sweeps.plan import Plan

CONTROLS = ("reuse", "dry_run", "max_failures", "fail_fast")
"""What decides whether a planned run is started: keys of the group that are none of the plan's."""
SEARCH = ("sampler", "pruner")
"""Optuna's parts: the sampler is made when the study is there, the pruner in the runs themselves."""
OF_RUNS = ("callbacks",)
"""What the runs themselves read."""


def planned(node: DictConfig, overrides: Sequence[Override], config: DictConfig) -> Plan:
    """Return the plan that `node` describes for these overrides; `config` is to explain errors with.

    Raises:
        SweepRefusedError: there is no such plan, and the sentence says why.
    """
    try:
        plan: Plan = part(
            node,
            aside=[*CONTROLS, *SEARCH, *OF_RUNS],
            overrides=overrides,
            make_sampler=lambda seed: part(node.sampler, seed=seed),
        )
        _try_parts(node)
    except ArgumentError as error:
        raise SweepRefusedError(explain_argument(error, config)) from None
    return plan


def _try_parts(node: DictConfig) -> None:
    """Make Optuna's parts, so that a value that they refuse ends it before anything is started."""
    for name in SEARCH:
        if name in node:
            try:
                part(node[name], seed=0)
            except ArgumentError:
                raise
            except (ValueError, TypeError) as error:  # in Optuna's words, which do name the key
                raise SweepRefusedError(f"sweep.{name}: {str(error).partition(chr(10))[0]}") from None
