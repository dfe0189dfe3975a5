"""Looking after the store: the doctor, stale runs, the server of the UI."""
