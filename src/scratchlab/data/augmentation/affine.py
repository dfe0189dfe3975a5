"""Affine maps of images: scale, shear, rotation and shift. N images of H rows and W columns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class AffineMaps:
    """One map for each of N images: scale it about its centre, shear it, rotate it, then shift it.

    - `scale` (N, 2): factors of the height and of the width, above 0
    - `shear` (N,): the angle in radians by which vertical lines lean to the right
    - `rotation` (N,): the angle in radians, counter-clockwise
    - `shift` (N, 2): pixels downwards and to the right
    """

    scale: NDArray[np.float64]
    shear: NDArray[np.float64]
    rotation: NDArray[np.float64]
    shift: NDArray[np.int64]

    def write_sources(self, out: NDArray[np.float32]) -> None:
        """Write into `out` (N, 2, H, W) where each pixel of the mapped images comes from: row and column.

        Images move forwards, pixels ask backwards. With p the (row, column) of a pixel and q that of its source,
        both measured from the centre, rows downwards:

            q = inverse(scale) inverse(shear) inverse(rotation) (p - shift)

            rotation = [[cos, -sin], [sin, cos]],  shear = [[1, 0], [-tan, 1]],  scale = [[height, 0], [0, width]]
        """
        num_images, _, height, width = out.shape
        centre = np.array([(height - 1) / 2, (width - 1) / 2])
        cos, sin, tan = np.cos(self.rotation), np.sin(self.rotation), np.tan(self.shear)
        inverse = np.array([[cos, sin], [tan * cos - sin, tan * sin + cos]]).transpose(2, 0, 1)
        inverse /= self.scale[:, :, np.newaxis]
        offset = centre[:, np.newaxis] - inverse @ self.shift[:, :, np.newaxis]

        maps = np.concatenate([inverse, offset], axis=2).astype(np.float32)
        places = np.ones((3, height, width), dtype=np.float32)
        places[:2] = np.indices((height, width)) - centre[:, np.newaxis, np.newaxis]
        np.matmul(maps, places.reshape(3, -1), out=out.reshape(num_images, 2, -1))
