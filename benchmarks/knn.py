"""k-nearest neighbours against scikit-learn's brute force: 60,000 training and 10,000 test images of MNIST, k = 5.

    python benchmarks/knn.py

Both search in turns, each on all cores; the ratio is that of the medians. Memory is the peak of this process after our
searches, before scikit-learn is imported.
"""

import resource
import statistics
import sys
from pathlib import Path
from time import perf_counter

from scratchlab.data import mnist
from scratchlab.neighbors import KNearestNeighbors

K = 5
ROUNDS = 3


def main() -> None:
    """Print the seconds of each round, the ratio and the peak memory."""
    dataset = mnist(root=Path(__file__).resolve().parents[1], num_val=0)
    train, test = (dataset.preprocessing.invert(split.inputs) for split in (dataset.train, dataset.test))
    targets = dataset.train.targets

    def ours() -> float:
        start = perf_counter()
        classifier = KNearestNeighbors(train, targets, num_classes=10)
        (predictions,) = classifier.predict(test, ks=[K])
        seconds = perf_counter() - start
        print(f"scratchlab    {seconds:6.2f} s   {(predictions == dataset.test.targets).mean():.4f} correct")
        return seconds

    ours()  # the first search is slower: memory is new
    peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (
        1 if sys.platform == "darwin" else 1024
    )

    from sklearn.neighbors import KNeighborsClassifier

    def theirs() -> float:
        start = perf_counter()
        classifier = KNeighborsClassifier(K, algorithm="brute").fit(train, targets)
        predictions = classifier.predict(test)
        seconds = perf_counter() - start
        print(f"scikit-learn  {seconds:6.2f} s   {(predictions == dataset.test.targets).mean():.4f} correct")
        return seconds

    rounds = [(ours(), theirs()) for _ in range(ROUNDS)]
    ratio = statistics.median(a for a, _ in rounds) / statistics.median(b for _, b in rounds)
    print(f"ratio {ratio:.2f}, peak memory of our search {peak_bytes / 2**30:.2f} GiB")


if __name__ == "__main__":
    main()
