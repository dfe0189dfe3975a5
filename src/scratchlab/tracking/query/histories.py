"""The metrics of a run in a tracking store, over its steps."""

from collections.abc import Collection

from scratchlab.tracking.store.errors import unreachable_as_connection_error
from scratchlab.tracking.store.uri import absolute_uri


def histories(uri: str, run_id: str, metrics: Collection[str]) -> dict[str, list[float]]:
    """Return all values of each of these metrics of a run, in the order of their steps; none where none is measured.

    Raises:
        ArgumentError: `uri` is none.
        ConnectionError: the server does not answer.
    """
    # MLflow takes seconds to import, for what most commands never ask.
    from scratchlab.tracking.store.client import connect, set_up_mlflow

    set_up_mlflow()
    with unreachable_as_connection_error(uri):
        client = connect(absolute_uri(uri))
        found = {metric: client.get_metric_history(run_id, metric) for metric in metrics}
    return {
        metric: [each.value for each in sorted(values, key=lambda each: each.step)]
        for metric, values in found.items()
    }
