"""The grammar of numbers: the same in URLs, queries, forms, JSON text and files.

A decimal number is ASCII: an optional sign, digits with at most one point, and an optional exponent
(``-12.5``, ``.5``, ``1e3``). Python's ``float`` and ``int`` take more: ``1_0``, ``٣``, ``nan``.
"""

import math
import re

# A float64 written out without an exponent has at most 1 077 characters; of what people and
# programs write, the longest have about 330.
MAX_CHARACTERS = 400
# Each part can match in one way only, so the time grows with the length and no faster.
DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
WHOLE = re.compile(r"\d{1,15}", re.ASCII)


def decimal(text: str) -> float:
    """The float64 nearest to a decimal number. Raises ValueError for any other text, and for
    numbers that are too large for a float64."""
    if len(text) > MAX_CHARACTERS or not DECIMAL.fullmatch(text):
        raise ValueError("not a decimal number")
    value = float(text)
    if math.isinf(value):
        raise ValueError("too large for a number")
    return value


def whole(text: str) -> int:
    """A whole number without a sign, of at most 15 digits. Raises ValueError for any other text."""
    if not WHOLE.fullmatch(text):
        raise ValueError("not a whole number")
    return int(text)
