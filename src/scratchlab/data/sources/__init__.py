"""Data sets, one module each.

- `mnist`: 70,000 handwritten digits
- `mnist_sample`: 5,000 of them that need no download
- `fashion_mnist`: 70,000 pictures of clothes
- `cifar10`: 60,000 color images
- `digits`: 1,797 digits of 8x8 pixels that need no download
- `spiral`: points in the plane
- `table`: your own data in one file
- `folder`: your own images, a folder for each class
- `idx_dataset`: what `mnist` and `fashion_mnist` share
- `own_data`: what `table` and `folder` share
"""
