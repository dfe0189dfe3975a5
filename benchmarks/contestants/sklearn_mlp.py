"""scikit-learn's MLPClassifier, without any evaluation: it offers none on images that it does not hold back itself."""

import warnings
from time import perf_counter

from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from benchmarks.contestants.job import Digits, Job, Measured, serve


def do(job: Job, digits: Digits) -> Measured:
    """Fit, with nothing that would end it before the last epoch."""
    assert not job.batch_norm
    start = perf_counter()
    classifier = MLPClassifier(
        job.hidden,
        solver="adam" if job.optimizer == "adam" else "sgd",
        alpha=0,
        batch_size=job.batch_size,
        learning_rate_init=job.lr,
        max_iter=job.epochs,
        n_iter_no_change=job.epochs,
        random_state=0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        classifier.fit(digits.train_inputs, digits.train_targets)
    seconds = perf_counter() - start
    return {"seconds": seconds, "val_accuracy": classifier.score(digits.val_inputs, digits.val_targets)}


if __name__ == "__main__":
    serve(do)
