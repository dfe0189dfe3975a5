"""Publishing: from journals to MLflow. `python -m scratchlab.tracking.publish outputs`.

- `upload`: one record after another into a run of MLflow; every call can be repeated
- `follow`: the publication of one run: how far its journal has been carried over
- `command`: publish all runs under a folder, once or while they are made
- `publisher`: the process that publishes during training, seen from the training
- `worker`: that process itself
- `receipt`: where a run is in MLflow, written beside its journal
- `model`: a trained network as an MLflow model
- `served_model`: the code that MLflow runs where the model is served
"""
