"""Past runs: find them, read them.

- `past_run`: a past run, from its folder
- `by_id`: past runs in the store, by their ids
- `by_fingerprint`: past runs in the store, by what their result follows from: reuse
- `histories`: metrics over steps
"""
