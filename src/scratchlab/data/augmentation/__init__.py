"""Distortions of images that are drawn anew each time they are trained on."""

from scratchlab.data.augmentation.augmentation import Augmentation
from scratchlab.data.augmentation.augmented_batches import AugmentedBatches

__all__ = ["Augmentation", "AugmentedBatches"]
