"""The scoreboard: published results beside those of this harness, from the rows in experiments/scoreboard.yaml."""
