"""How fast images are augmented, 60,000 of MNIST on one core by each preset, and what it adds to an epoch of training.

OPENBLAS_NUM_THREADS=1 python benchmarks/augmentation.py
"""

import scratchlab  # noqa: F401  # isort: skip (before NumPy: it chooses the kernels)

import statistics
from pathlib import Path
from time import perf_counter

import numpy as np
from omegaconf import DictConfig, OmegaConf
from threadpoolctl import threadpool_limits

from scratchlab.data import Augmentation, AugmentedBatches, Batches, Dataset, batches, mnist
from scratchlab.nn import Adam, Network, constant_schedule, cross_entropy, mlp
from scratchlab.training import Trainer

ROOT = Path(__file__).resolve().parents[1]
PRESETS = ("shift", "affine", "elastic", "simard", "ciresan")
ROUNDS = 3


def main() -> None:
    """Print the seconds for all images, and the images per second, of each preset."""
    dataset = mnist(root=ROOT, num_val=0)
    train = dataset.train
    pixels = (train.inputs * 255).round().astype(np.uint8)
    presets = {preset: augmentation_of(preset) for preset in PRESETS}
    with threadpool_limits(1):
        for preset, augmentation in presets.items():
            seconds = []
            for seed in range(ROUNDS):
                start = perf_counter()
                augmentation(pixels, train.targets, rng=np.random.default_rng(seed))
                seconds.append(perf_counter() - start)
            median = statistics.median(seconds)
            print(f"{preset:10}{median:6.2f} s{len(pixels) / median:12,.0f} images/s")

        print(
            "\nan epoch of 784-500-10 with one thread for its matrix products, beside that without augmentation"
        )
        passes: dict[str, Batches] = {
            preset: AugmentedBatches(augmentation, dataset.preprocessing)
            for preset, augmentation in presets.items()
        }
        rounds = [
            {preset: epoch_seconds(dataset, each) for preset, each in ({"none": batches} | passes).items()}
            for _ in range(ROUNDS)
        ]
        for preset in passes:
            ratio = statistics.median(each[preset] / each["none"] for each in rounds)
            median = statistics.median(each[preset] for each in rounds)
            print(f"{preset:10}{median:6.2f} s   {ratio:.2f} times as long")


def augmentation_of(preset: str) -> Augmentation:
    """Return the augmentation of an option of the group `augment`."""
    options = OmegaConf.load(ROOT / "conf" / "augment" / f"{preset}.yaml")
    assert isinstance(options, DictConfig)
    ranges = {str(key): value for key, value in options.items() if key != "_target_"}
    return Augmentation(input_shape=(28, 28), **ranges)


def epoch_seconds(dataset: Dataset, passes: Batches) -> float:
    """Return how long the steps of an epoch take with batches that are made like this."""
    network = Network(mlp(784, 10, hidden=500), rng=np.random.default_rng(0))
    trainer = Trainer(
        network,
        cross_entropy,
        Adam(),
        constant_schedule(lr=1e-3, num_steps=1),
        epochs=1,
        batch_size=200,
        rng=np.random.default_rng(0),
        batches=passes,
    )
    start = perf_counter()
    for _ in trainer.train_epoch(dataset.train):
        pass
    return perf_counter() - start


if __name__ == "__main__":
    main()
