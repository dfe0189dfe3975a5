"""How fast images are augmented: 60,000 images of MNIST, one core, each preset.

OPENBLAS_NUM_THREADS=1 python benchmarks/augmentation.py
"""

import statistics
from pathlib import Path
from time import perf_counter

import numpy as np
from omegaconf import DictConfig, OmegaConf
from threadpoolctl import threadpool_limits

from scratchlab.data import Augmentation, mnist

ROOT = Path(__file__).resolve().parents[1]
PRESETS = ("shift", "affine", "elastic", "simard", "ciresan")
ROUNDS = 3


def main() -> None:
    """Print the seconds for all images, and the images per second, of each preset."""
    train = mnist(root=ROOT, num_val=0).train
    pixels = (train.inputs * 255).round().astype(np.uint8)
    with threadpool_limits(1):
        for preset in PRESETS:
            options = OmegaConf.load(ROOT / "conf" / "augment" / f"{preset}.yaml")
            assert isinstance(options, DictConfig)
            ranges = {str(key): value for key, value in options.items() if key != "_target_"}
            augmentation = Augmentation(input_shape=(28, 28), **ranges)
            seconds = []
            for seed in range(ROUNDS):
                start = perf_counter()
                augmentation(pixels, train.targets, rng=np.random.default_rng(seed))
                seconds.append(perf_counter() - start)
            median = statistics.median(seconds)
            print(f"{preset:10}{median:6.2f} s{len(pixels) / median:12,.0f} images/s")


if __name__ == "__main__":
    main()
