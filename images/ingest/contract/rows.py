"""Slabs of the contract's CSV to rows of pixels: one grammar, read by two readers.

A CSV is a header line, then one line a depth. A slab is any number of whole lines. Every slab goes
to polars first; what polars refuses, or reads with an empty field in it, goes to the careful
reader. Polars accepts nothing that the careful reader would refuse, and reads the same numbers.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from images.ingest.contract.careful import SlabRows, read_carefully
from images.ingest.contract.header import DEPTH, PIXELS, SOURCE_WIDTH
from images.ingest.text.tidying import around, without_blank_lines

# The shortest line with a number in every column.
SHORTEST_ROW = 2 * (SOURCE_WIDTH + 1)
_EDGES = np.zeros(256, bool)
_EDGES[[ord(c) for c in ',"\r\n']] = True


def parse_slab(slab: bytes, columns: Sequence[str]) -> SlabRows:
    """Read whole lines of fields in the order of ``columns``."""
    lines = slab.count(b"\n") + (not slab.endswith(b"\n"))
    rows = without_blank_lines(slab)
    # Polars would fill short lines up with nulls.
    if rows.count(b"\n") <= len(rows) // SHORTEST_ROW + 1:
        if found := _parse_fast(rows, columns, lines):
            return found
        tidied = _tidied(rows)
        if tidied and (found := _parse_fast(tidied, columns, lines)):
            return found
    return read_carefully(slab, columns)


def _parse_fast(data: bytes, columns: Sequence[str], lines: int) -> SlabRows | None:
    for dtype in (pl.UInt8, pl.Float64):
        schema = {name: pl.Float64 if name == DEPTH else dtype for name in columns}
        try:
            frame = pl.read_csv(data, has_header=False, schema=schema, quote_char=None)
        except pl.exceptions.PolarsError:
            continue
        return _from_frame(frame, lines)
    return None


def _tidied(slab: bytes) -> bytes | None:
    """``slab`` without the white space and the quotes around fields. None where there is neither,
    and where the careful reader has to judge: white space within a field or behind a closing quote,
    and tabs beside quotes."""
    chars = np.frombuffer(slab, np.uint8)
    blank = (chars == 32) | (chars == 9)
    quoted = b'"' in slab
    if not blank.any() and not quoted:
        return None
    if blank.any():
        before, after = around(chars, blank)
        behind_quote = (before == 34) & _EDGES[after] & (after != 34)
        if not (_EDGES[before] | _EDGES[after]).all() or behind_quote.any():
            return None
        if quoted and b"\t" in slab:
            return None
        slab = slab.translate(None, b" \t")
    return _unquoted(slab) if quoted else slab


def _unquoted(slab: bytes) -> bytes | None:
    """``slab`` without its quotes, where each pair of them is around one field."""
    chars = np.frombuffer(b"\n" + slab + b"\n", np.uint8)
    quotes = np.flatnonzero(chars == 34)
    if len(quotes) % 2:
        return None
    opening, closing = quotes[::2], quotes[1::2]
    # A byte stands between two quotes where the number of quotes before it is odd.
    within = np.cumsum(chars == 34, dtype=np.uint8) & 1
    if (within & ((chars == 44) | (chars == 10))).any():
        return None
    around = _EDGES.copy()
    around[34] = False
    if not (around[chars[opening - 1]] & around[chars[closing + 1]]).all():
        return None
    return slab.translate(None, b'"')


def _from_frame(frame: pl.DataFrame, lines: int) -> SlabRows | None:
    """The slab in a polars frame, or None where a field is empty or not a number in range."""
    if frame.get_column(DEPTH).null_count():
        frame = frame.filter(~pl.all_horizontal(pl.all().is_null()))
    pixels_frame = frame.select(PIXELS)
    if frame.get_column(DEPTH).null_count() or any(pixels_frame.null_count().row(0)):
        return None
    depths = frame.get_column(DEPTH).to_numpy()
    pixels = pixels_frame.to_numpy(order="c")
    # A NaN fails both comparisons.
    in_range = pixels.dtype == np.uint8 or ((pixels >= 0) & (pixels <= 255)).all()
    if not in_range or not np.isfinite(depths).all():
        return None
    return SlabRows(depths, pixels, lines, skipped=lines - frame.height)
