"""Images read off between their pixels. N images of C channels, H rows and W columns."""

import numpy as np
from numpy.typing import NDArray

_BEFORE, _AFTER = 1, 2
"""Rings of background around an image. A source in the first of either side sees nothing else; those that are farther
out are moved there. The second makes sure that even these have neighbours below and to the right."""


class Resampler:
    """Reads images off at given places, by bilinear interpolation; all around the images is 0.

    Its workspaces serve up to `max_images` images at a time.
    """

    def __init__(self, max_images: int, channels: int, height: int, width: int) -> None:
        padded_height, padded_width = _BEFORE + height + _AFTER, _BEFORE + width + _AFTER
        self._height, self._width, self._padded_width = height, width, padded_width
        self._padded = np.zeros((max_images, channels, padded_height, padded_width), dtype=np.float32)
        assert self._padded.size < 2**24, "float32 must hold the number of each pixel exactly"
        self._channel_pixels = padded_height * padded_width
        starts = np.arange(max_images) * (channels * self._channel_pixels)
        starts += _BEFORE * padded_width + _BEFORE  # where row 0 and column 0 are
        self._starts = starts.astype(np.float32)[:, np.newaxis, np.newaxis]
        self._corners = np.empty((max_images, 2, height, width), dtype=np.float32)
        self._places = np.empty((max_images, height, width), dtype=np.intp)
        self._neighbours = [np.empty((max_images, height, width), dtype=np.float32) for _ in range(4)]

    def __call__(
        self,
        images: NDArray[np.uint8] | NDArray[np.float32],
        sources: NDArray[np.float32],
        *,
        out: NDArray[np.float32],
    ) -> None:
        """Write into `out` (N, C, H, W) the pixels of `images` (N, C, H, W) at `sources` (N, 2, H, W).

        `sources` are rows and columns, common to all channels, and are overwritten. With a, b the two pixels above a
        source, c, d the two below, x and y its fractions:

            top = a + x (b - a),  bottom = c + x (d - c),  value = top + y (bottom - top)
        """
        n, channels = images.shape[:2]
        self._padded[:n, :, _BEFORE:-_AFTER, _BEFORE:-_AFTER] = images

        rows, columns = sources[:, 0], sources[:, 1]
        np.clip(rows, -_BEFORE, self._height, out=rows)
        np.clip(columns, -_BEFORE, self._width, out=columns)
        corners = np.floor(sources, out=self._corners[:n])
        sources -= corners
        y, x = rows, columns

        # The number of the corner's pixel among all padded ones.
        numbers = corners[:, 0]
        numbers *= self._padded_width
        numbers += corners[:, 1]
        numbers += self._starts[:n]
        places = self._places[:n]
        np.copyto(places, numbers, casting="unsafe")

        pixels = self._padded.reshape(-1)
        a, b, c, d = (neighbour[:n] for neighbour in self._neighbours)
        for channel in range(channels):
            from_here = pixels[channel * self._channel_pixels :]
            # All places are in range, and mode="clip" writes straight into `out`.
            from_here.take(places, out=a, mode="clip")
            from_here[1:].take(places, out=b, mode="clip")
            from_here[self._padded_width :].take(places, out=c, mode="clip")
            from_here[self._padded_width + 1 :].take(places, out=d, mode="clip")
            b -= a
            b *= x
            a += b
            d -= c
            d *= x
            c += d
            c -= a
            c *= y
            np.add(a, c, out=out[:, channel])
