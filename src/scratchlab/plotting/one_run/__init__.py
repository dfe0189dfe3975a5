"""Figures of one run.

- `curves`: loss and accuracy over the epochs
- `confusion`: the confusion matrix
- `mistakes`: the most confident mistakes
- `weights`: the weights of the first layer as images
- `samples`: originals above augmented images
- `histograms`: how values spread in each layer
- `regions`: decision regions in the plane
- `cross_validation`: accuracy over k
"""
