"""Optimizers: in-place updates of one flat vector of parameters.

- `optimizer`: the contract of every optimizer
- `sgd`: SGD, plain, with momentum, with Nesterov's momentum
- `adaptive`: Adagrad and RMSProp
- `adam`: Adam and AdamW
- `compiled_adam`: Adam, compiled by numba
- `clipping`: gradient clipping around another optimizer
"""
