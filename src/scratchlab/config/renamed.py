"""What had another name before version 0.2: keys that people may still type, and parts of recorded configurations."""

KEYS = {
    "data.verify": "data.verify_checksum",
    "regularization.average_decay": "regularization.ema_decay",
    "schedule.half_life_steps": "schedule.decay_steps",
    "sweep.resume": "sweep.reuse",
}
"""Keys of the configuration: the old one, and today's."""

TARGETS = {
    "scratchlab.app.nearest.classify": "scratchlab.tasks.knn.classify",
    "scratchlab.app.regularization.Regularization": "scratchlab.config.regularization.Regularization",
    "scratchlab.app.training.train": "scratchlab.tasks.train.train",
    "scratchlab.nn.constant": "scratchlab.nn.constant_schedule",
}
"""Parts and tasks: the old path, and today's. No path is added here any more: fingerprints no longer contain them."""
