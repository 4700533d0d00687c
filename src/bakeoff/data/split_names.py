"""The splits that all data have."""

SPLITS = ("train", "val", "test")
