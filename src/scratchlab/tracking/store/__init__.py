"""The MLflow store: its address, its database, its client, and what it answers."""
