"""Several trained networks that classify together: the mean of their class probabilities.

M members, N examples, K classes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from scratchlab.config.fingerprint import fingerprint
from scratchlab.data import Dataset
from scratchlab.nn import Array, TrainedNetwork
from scratchlab.tracking import (
    EARLIER,
    FINGERPRINT,
    Fingerprint,
    PastRun,
    RunNotFoundError,
    read_journal,
    recorded_fingerprint,
)
from scratchlab.tracking.journal import records
from scratchlab.training.evaluation import CHUNK

ENSEMBLE = "ensemble"
"""The kind of a run that averages others."""
TIMES = "time/"
"""What the names of metrics in seconds begin with."""


@dataclass(frozen=True)
class Member:
    """A run of the past with its network."""

    run: PastRun
    network: TrainedNetwork
    data: records.Dataset
    """What it was trained and tested on."""
    seconds: float
    """How long it was trained and evaluated."""

    @classmethod
    def of(cls, run: PastRun) -> Self:
        """Read a run's network from its folder.

        Raises:
            RunNotFoundError: it did not come to its end, has no network, or its folder is gone.
            ValueError: its files are damaged.
        """
        if run.outcome:
            raise RunNotFoundError(
                f"{_called(run)}: expected a run that has finished, this one was {run.outcome}"
            )
        if run.folder is None or not run.folder.is_dir():
            found = "none is on record" if run.folder is None else f"{run.folder} is gone"
            raise RunNotFoundError(f"{_called(run)}: expected the folder with its files, {found}")
        try:
            network = TrainedNetwork(run.folder / "model")
        except FileNotFoundError:
            raise RunNotFoundError(
                f"{_called(run)}: expected a run with a network, this one has none"
            ) from None
        journal = read_journal(run.folder)
        times = [
            value
            for record in journal
            if isinstance(record, records.Metrics)
            for name, value in record.values.items()
            if name.startswith(TIMES)
        ]
        *_, data = (record for record in journal if isinstance(record, records.Dataset))
        return cls(run, network, data, sum(times))

    @property
    def name(self) -> str:
        """What a person knows the run by."""
        return _called(self.run)


@dataclass(frozen=True)
class Ensemble:
    """Networks that have the same task."""

    members: Sequence[Member]

    @classmethod
    def of(cls, runs: Iterable[PastRun]) -> Self:
        """Read the networks of runs; a run that comes twice is still one.

        Raises:
            RunNotFoundError: a run has no network, there are fewer than two, or they do not have the same task.
        """
        members = [
            Member.of(run)
            for run in {recorded_fingerprint(run.tags) or run.name: run for run in runs}.values()
        ]
        if len(members) < 2:
            raise RunNotFoundError(f"{members[0].name}: expected at least two runs that differ, found one")
        first = members[0]
        for other in members[1:]:
            for what, one, another in (
                ("data", _data(first), _data(other)),
                ("classes", first.network.class_names, other.network.class_names),
                ("input shape", first.network.input_shape, other.network.input_shape),
            ):
                if one != another:
                    raise RunNotFoundError(
                        f"{other.name}: expected the {what} of {first.name}, {one}, found {another}"
                    )
        return cls(members)

    @property
    def identity(self) -> dict[str, str]:
        """The tag with its fingerprint: of runs from before version 0.2, the one that it would have had then."""
        digests = [str(recorded_fingerprint(member.run.tags)) for member in self.members]
        found = ensemble_fingerprint(Fingerprint(each, earlier=each) for each in digests)
        is_earlier = all(EARLIER in member.run.tags for member in self.members)
        return {EARLIER: found.earlier} if is_earlier else {FINGERPRINT: found.digest}

    def probs(self, dataset: Dataset) -> Iterator[Array]:
        """Yield the class probabilities (N, K) of the test examples, member by member."""
        pixels = dataset.preprocessing.invert(dataset.test.inputs)
        for member in self.members:
            yield np.concatenate(
                [member.network.probs(chunk) for chunk in np.split(pixels, range(CHUNK, len(pixels), CHUNK))]
            )


def ensemble_fingerprint(members: Iterable[Fingerprint]) -> Fingerprint:
    """Return the fingerprint that ensembles of the same members share, whatever their order."""
    members = list(members)
    return Fingerprint(
        fingerprint(ENSEMBLE, {}, sorted(each.digest for each in members)).digest,
        fingerprint(ENSEMBLE, {}, sorted(each.earlier for each in members)).earlier,
    )


def log_loss(probs: NDArray[np.float64], targets: NDArray[np.int64]) -> float:
    """Return the mean of -log(probs[target]) over the examples, from probs (N, K) and targets (N,)."""
    of_targets = probs[np.arange(len(targets)), targets]
    return float(-np.log(np.maximum(of_targets, np.finfo(np.float32).tiny)).mean())


def _data(member: Member) -> str:
    return f"{member.data.name} ({member.data.digest[:8]}), {member.data.num_test:,} to test"


def _called(run: PastRun) -> str:
    return f"{run.name} ({run.run_id[:8]})" if run.run_id is not None else f"{run.name} ({run.folder})"
