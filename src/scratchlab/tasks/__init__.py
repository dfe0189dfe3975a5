"""One run of a configuration.

- `train`: train a network: the task behind train.py
- `knn`: k-nearest neighbors: the task behind `model=knn`
- `check`: the debugging checklist: the task behind check.py
- `checklist`: its checks, one function each
- `record`: starts the run and records metrics while it trains
- `resumed_run`: checks that a resumed run is the same run
- `checkpointing`: writes checkpoints, and says how to resume from them
- `figures`: its pictures, as artifacts
- `report`: report.md
- `model`: the trained network as files
- `console`: what a person reads about runs
- `failure_limit`: stops a sweep in which too many runs failed
"""
