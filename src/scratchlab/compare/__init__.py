"""Past runs side by side.

- `command`: the command behind compare.py
- `named_runs`: the runs that a person names, by folder or id
- `differences`: the parameters in which runs differ
- `measure`: the accuracy that ranks them
- `leaderboard`: configurations by their accuracy, averaged over seeds
- `importance`: how much each parameter matters
- `comparison`: leaderboard, pictures, and report of some runs
- `html_report`: report.html, from the template beside it
"""
