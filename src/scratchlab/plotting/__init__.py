"""Pictures of a run or a sweep: arrays in, a picture out, and `save` to write it as a PNG file.

Curves and everything else with axes are a `matplotlib.figure.Figure`, made without pyplot, so there is no current
figure, no window and nothing to close. Images and tables of numbers are a `Sheet`. Neither matplotlib nor Pillow is
imported before the first picture is made: this package costs an `import` next to nothing until a run draws.
"""

from scratchlab.plotting.many_runs.best_curves import best_curves
from scratchlab.plotting.many_runs.heat_maps import heat_maps
from scratchlab.plotting.many_runs.held_against import held_against
from scratchlab.plotting.many_runs.importance import importance
from scratchlab.plotting.many_runs.mean_curves import mean_curves
from scratchlab.plotting.many_runs.parallel_coordinates import parallel_coordinates
from scratchlab.plotting.many_runs.races import races
from scratchlab.plotting.many_runs.ratios import update_ratios
from scratchlab.plotting.many_runs.variants import variants
from scratchlab.plotting.one_run.confusion import confusions
from scratchlab.plotting.one_run.cross_validation import cross_validation
from scratchlab.plotting.one_run.curves import training_curves
from scratchlab.plotting.one_run.histograms import histograms_over_epochs
from scratchlab.plotting.one_run.mistakes import mistakes
from scratchlab.plotting.one_run.regions import decision_regions
from scratchlab.plotting.one_run.samples import augmented_samples
from scratchlab.plotting.one_run.weights import weight_images
from scratchlab.plotting.png import save
from scratchlab.plotting.sheet import Sheet

__all__ = [
    "Sheet",
    "augmented_samples",
    "best_curves",
    "confusions",
    "cross_validation",
    "decision_regions",
    "heat_maps",
    "held_against",
    "histograms_over_epochs",
    "importance",
    "mean_curves",
    "mistakes",
    "parallel_coordinates",
    "races",
    "save",
    "training_curves",
    "update_ratios",
    "variants",
    "weight_images",
]
