"""The files of data sets: find, download, check, unpack, and read them.

- `fetch`: where files are: on disk, on a shared disk, or on a mirror
- `download`: downloads that arrive whole or not at all
- `archive`: downloads of whole folders
- `unpacked`: unpacked copies of packed files, which are quicker to read
- `rawfile`: the uncompressed bytes of a file, and their digest
- `packaged`: tables of images that an installed package ships
- `idx`: the format of the MNIST files
- `csv_table`: CSV files with a column of labels
- `npz_table`: NPZ files with inputs and targets
- `memory`: refuses data that do not fit into memory before they are read
"""
