"""Links into MLflow's pages.

Unless it is told otherwise, MLflow 3 opens on its pages for language models; `workflowType` leads to the
table of training runs.
"""

LOCAL_UI = "http://127.0.0.1:5000"
"""Where `make ui` shows the embedded store."""


def experiment_link(uri: str, experiment_id: str) -> str:
    """Return the address of the table of an experiment's runs."""
    return f"{_pages(uri)}/experiments/{experiment_id}/runs?workflowType=machine_learning"


def run_link(uri: str, experiment_id: str, run_id: str) -> str:
    """Return the address of a run's page."""
    return f"{_pages(uri)}/experiments/{experiment_id}/runs/{run_id}?workflowType=machine_learning"


def _pages(uri: str) -> str:
    base = uri.rstrip("/") if uri.startswith(("http://", "https://")) else LOCAL_UI
    return f"{base}/#"
