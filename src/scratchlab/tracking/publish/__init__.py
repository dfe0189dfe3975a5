"""Publishing: from journals to MLflow."""
