"""Rows of the CSV to traces, exactly as Pillow resizes each row alone."""

from typing import Any

import numpy as np
from PIL import Image

from images.arrays import Pixels, Traces

WIDTH = 150
LARGEST = np.finfo(np.float32).max


def resize_rows(pixels: Pixels) -> Traces:
    """Resize every row to WIDTH pixels.

    Parameters: ``pixels`` is (n, m), uint8 or float64, each value from 0 to 255.
    Returns: (n, WIDTH) uint8.

    A row of whole numbers is resized by Pillow in mode L. A row with a decimal in it is resized in
    mode F, then rounded to the nearest whole number (half to even) and clipped to 0..255. Both use
    Pillow's default filter for these modes, bicubic. The height of the image does not change, so
    Pillow resizes each row by itself and a block gives the same as row after row.
    """
    if pixels.dtype == np.uint8:
        return _resize(pixels, WIDTH)
    decimal = (pixels != np.floor(pixels)).any(axis=1)
    traces = _resize(pixels.astype(np.uint8), WIDTH)
    if decimal.any():
        smooth = _resize(pixels[decimal].astype(np.float32), WIDTH)
        traces[decimal] = np.rint(smooth).clip(0, 255).astype(np.uint8)
    return traces


def _resize(pixels: np.ndarray[Any, Any], width: int) -> np.ndarray[Any, Any]:
    if not len(pixels):
        return np.empty((0, width), pixels.dtype)
    image = Image.fromarray(pixels)
    return np.array(image.resize((width, len(pixels)), Image.Resampling.BICUBIC))


def resize_values(values: np.ndarray[Any, Any], width: int) -> np.ndarray[Any, Any]:
    """Resize rows of values, in which NaN is null, as in mode F.

    Parameters: ``values`` is (n, m) float32.
    Returns: (n, width) float32. A null weighs nothing; where nulls have more than half of the
    weight the value is null. No value becomes infinite where bicubic overshoots the largest.
    """
    if values.shape[1] == width:
        return values
    null = np.isnan(values)
    if not null.any():
        return _resize(values, width).clip(-LARGEST, LARGEST)
    weight = _resize((~null).astype(np.float32), width)
    total = _resize(np.where(null, np.float32(0), values), width)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        mean = (total / weight).clip(-LARGEST, LARGEST)
        return np.where(weight > 0.5, mean, np.float32(np.nan)).astype(np.float32)
