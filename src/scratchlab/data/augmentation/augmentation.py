"""Random distortions of images, out of which a network is to learn that they do not matter.

N images of C channels, H rows and W columns, D = C H W pixels.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scratchlab.arguments import ArgumentError, count, fraction, non_negative, positive
from scratchlab.data.augmentation.affine import AffineMaps
from scratchlab.data.augmentation.elastic import ElasticFields
from scratchlab.data.augmentation.resampling import Resampler
from scratchlab.data.errors import DataError

_CHUNK = 100
"""Images distorted at once: few enough for the cache, enough to make the Python around the arrays cheap."""


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """Distorts each image by an affine map and an elastic field of its own, drawn uniformly from ranges.

    - `input_shape`: (H, W), or (C, H, W) for channels that are distorted alike
    - `shift_pixels`: up to so many whole pixels in each of the four directions
    - `rotation_degrees`: up to this angle, clockwise or counter-clockwise
    - `shear_degrees`: vertical lines lean up to this angle, to the left or to the right. An image is either rotated
      or sheared, as Ciresan's are: where both ranges are above 0, a coin decides
    - `scale_fraction`: height and width, each by its own factor from 1 - `scale_fraction` to 1 + `scale_fraction`
    - `elastic_alpha`, `elastic_sigma`: strength and smoothness of the field, see `ElasticFields`
    - `narrow_classes`: the class ids for which both angles are drawn from `narrow_fraction` of their ranges, because a
      1 and a 7 turn into each other

    All ranges are 0 by default, which leaves images exactly as they are.

    Sources: P. Simard, D. Steinkraus, J. Platt, "Best Practices for Convolutional Neural Networks Applied to Visual
    Document Analysis", ICDAR 2003. D. Ciresan, U. Meier, L. Gambardella, J. Schmidhuber, "Deep, Big, Simple Neural
    Nets for Handwritten Digit Recognition", Neural Computation 22, 2010.

    Raises:
        ArgumentError: a range is none, or the inputs are no images.
    """

    input_shape: tuple[int, ...]
    shift_pixels: int = 0
    rotation_degrees: float = 0.0
    shear_degrees: float = 0.0
    scale_fraction: float = 0.0
    elastic_alpha: float = 0.0
    elastic_sigma: float = 4.0
    narrow_classes: Sequence[int] = ()
    narrow_fraction: float = 0.5

    def __post_init__(self) -> None:
        if len(self.input_shape) not in {2, 3}:
            raise ArgumentError(
                "input_shape", self.input_shape, "(height, width) or (channels, height, width)"
            )
        count(minimum=0, shift_pixels=self.shift_pixels)
        non_negative(rotation_degrees=self.rotation_degrees, shear_degrees=self.shear_degrees)
        if self.shear_degrees >= 90:
            raise ArgumentError("shear_degrees", self.shear_degrees, "a number from 0 to below 90")
        fraction(scale_fraction=self.scale_fraction)
        non_negative(elastic_alpha=self.elastic_alpha)
        positive(elastic_sigma=self.elastic_sigma)
        for class_id in self.narrow_classes:
            count(minimum=0, narrow_classes=class_id)
        non_negative(narrow_fraction=self.narrow_fraction)

    def __call__(
        self,
        pixels: NDArray[np.uint8] | NDArray[np.float32],
        targets: NDArray[np.int64],
        *,
        rng: np.random.Generator,
    ) -> NDArray[np.float32]:
        """Return distorted copies (N, D) of images (N, D) of the classes `targets` (N,), in the same unit.

        Background is 0, so these are pixels as they are in files; inputs of a network are preprocessed afterwards.

        Raises:
            DataError: the images are not of `input_shape`.
        """
        if pixels.shape[1:] != (math.prod(self.input_shape),):
            raise DataError(
                f"images to augment: expected shape (N, {math.prod(self.input_shape)}) for {self.input_shape}, "
                f"found {pixels.shape}"
            )
        *channels, height, width = self.input_shape
        images = pixels.reshape(len(pixels), math.prod(channels), height, width)
        distorted = np.empty(images.shape, dtype=np.float32)
        # Without these workspaces, every chunk would wait for the system to hand out the same memory again.
        max_images = min(len(images), _CHUNK)
        all_sources = np.empty((max_images, 2, height, width), dtype=np.float32)
        elastic = ElasticFields(max_images, height, width, alpha=self.elastic_alpha, sigma=self.elastic_sigma)
        resample = Resampler(max_images, *images.shape[1:])
        for start in range(0, len(images), _CHUNK):
            chunk = slice(start, start + _CHUNK)
            sources = all_sources[: len(images[chunk])]
            self._draw_maps(targets[chunk], rng).write_sources(sources)
            if self.elastic_alpha > 0:
                sources += elastic.draw(len(sources), rng=rng)
            resample(images[chunk], sources, out=distorted[chunk])
        return distorted.reshape(pixels.shape)

    def _draw_maps(self, targets: NDArray[np.int64], rng: np.random.Generator) -> AffineMaps:
        num_images = len(targets)
        shift = rng.integers(-self.shift_pixels, self.shift_pixels + 1, size=(num_images, 2))
        scale = rng.uniform(1 - self.scale_fraction, 1 + self.scale_fraction, size=(num_images, 2))
        angle = rng.uniform(-1, 1, size=num_images)
        for class_id in self.narrow_classes:
            angle[targets == class_id] *= self.narrow_fraction
        rotation, shear = np.radians(self.rotation_degrees) * angle, np.radians(self.shear_degrees) * angle
        if self.rotation_degrees > 0 and self.shear_degrees > 0:
            sheared = rng.random(num_images) < 0.5
            rotation[sheared] = 0
            shear[~sheared] = 0
        return AffineMaps(scale=scale, shear=shear, rotation=rotation, shift=shift)
