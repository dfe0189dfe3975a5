"""Many runs: which ones, how they start, and what became of them.

- `sweep`: checks a plan, launches its runs as children of one parent, compares them
- `plan`: which runs a sweep makes: the contract of `grid` and `search`
- `grid`: every combination of the listed values
- `search`: values drawn by an Optuna sampler
- `space`: Hydra's sweep grammar as Optuna's distributions
- `study`: Optuna's study, in a file that all processes share
- `study_lock`: the lock that they take in turn
- `pruning`: ends a run that falls behind
- `planning`: builds the plan that the group `sweep` describes
- `planned_run`: one run before it starts
- `launches`: starts runs and collects their outcomes
- `outcome`: how a run ended
- `joblib_workers`: ends the workers of joblib with their sweep
- `slim_return`: drops what Hydra would keep of every run
- `dry_run`: shows what would run
- `estimate`: how long a run would take
- `sweep_record`: the parent run, and what the store knows of earlier ones
"""
