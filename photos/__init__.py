"""Core photographs: checked images with a well and a depth range, kept by `storage`."""
