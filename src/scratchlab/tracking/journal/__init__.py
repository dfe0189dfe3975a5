"""The journal of a run: an append-only file that no kill can take back.

- `records`: what a journal contains, one class per kind
- `journal`: the file: append to it, read it
- `reader`: a run as its journal tells it, with the end that a killed process could not write
- `lifeline`: the tie that ends a worker when its sweep is over
"""
