"""Layers: what a network is a stack of.

- `layer`: the contract of every layer
- `linear`: the fully connected layer
- `activations`: ReLU, leaky ReLU, tanh, sigmoid
- `batch_norm`: batch normalization
- `dropout`: dropout
- `noise`: Gaussian noise
- `deslant`: straightens slanted handwriting
- `initialization`: how weights start: he_normal, glorot_normal
"""
