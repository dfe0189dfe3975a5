"""One run of a configuration: train, knn, check."""
