"""The contestants of the benchmark of speed, each a script that works in a process of its own, and what they all do."""
