from scratchlab.tracking import experiment_link, run_link

QUERY = "workflowType=machine_learning"


def test_runs_of_the_embedded_store_are_shown_by_make_ui() -> None:
    uri = "sqlite:////project/mlruns/mlflow.db"
    assert run_link(uri, "1", "ab") == f"http://127.0.0.1:5000/#/experiments/1/runs/ab?{QUERY}"
    assert experiment_link(uri, "1") == f"http://127.0.0.1:5000/#/experiments/1/runs?{QUERY}"


def test_runs_of_a_server_are_shown_there() -> None:
    assert (
        run_link("https://host/mlflow/", "1", "ab") == f"https://host/mlflow/#/experiments/1/runs/ab?{QUERY}"
    )
    assert experiment_link("http://host:80", "2") == f"http://host:80/#/experiments/2/runs?{QUERY}"
