"""Distortions of training images, drawn anew each epoch.

- `augmentation`: draws a distortion for each image
- `affine`: scale, shear, rotation, and shift
- `elastic`: displacements that vary smoothly over the image
- `resampling`: reads images between their pixels
- `augmented_batches`: mini-batches of distorted images, made ahead of the training
"""

from scratchlab.data.augmentation.augmentation import Augmentation
from scratchlab.data.augmentation.augmented_batches import AugmentedBatches

__all__ = ["Augmentation", "AugmentedBatches"]
