"""One module for each format of answers: arrays in, bytes out."""
