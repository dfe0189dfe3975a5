"""Figures: arrays in, a figure out; `save` writes it as a PNG file.

- `one_run`: figures of one run
- `many_runs`: figures that compare runs
- `style`: the look that all figures share
- `sheet`: pictures of images and text at whole pixels
- `tiles`: many small images side by side
- `images`: rows of pixels as images
- `png`: writes PNG files
- `levels`: the distinct values that a sweep gave to a parameter
- `scale`: where these values lie on an axis
- `shapes`: checks the shapes of arrays before anything is drawn
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
