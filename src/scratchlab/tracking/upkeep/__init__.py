"""Looking after the store.

- `doctor`: finds and repairs what kills, outages, and full disks leave behind
- `stale`: runs that MLflow shows as RUNNING although their process is gone
- `server`: MLflow's pages for the embedded store: `make ui`
"""
