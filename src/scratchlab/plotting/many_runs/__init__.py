"""Figures that compare runs.

- `heat_maps`: accuracy of every pair of varied parameters
- `parallel_coordinates`: every run as a line through its parameters
- `best_curves`: validation accuracy of the best runs
- `mean_curves`: curves averaged over the runs of each contestant
- `importance`: how much each parameter matters
- `scored`: the runs that have a score
- `held_against`: our results beside published ones
- `races`: how long contestants took
- `ratios`: how large updates are beside the weights
- `variants`: results of the variants of an experiment
"""
