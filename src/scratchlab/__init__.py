"""Neural networks written from scratch in NumPy, composed by Hydra, recorded by MLflow."""
