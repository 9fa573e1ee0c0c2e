"""Write traces as text files of desktop programs: LAS 2.0 and the long form of Techlog.

LAS: https://www.cwls.org/wp-content/uploads/2017/02/Las2_Update_Feb2017.pdf. As in LAS 3.0, the
columns of an array are named ``NAME[i]``, and ``{AF;4us}`` gives the azimuth or time of a column.
Techlog: two header lines with names and units, then one line for each pixel.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Literal

import numpy as np
import polars as pl

from images.arrays import Block
from images.render.writers.labels import TECHLOG_NULLS, Labels

LINE_END = "\r\n"
# Lines of the long form that are made at once. A line has ten times the bytes of its pixel.
LINES_AT_ONCE = 32_768
Quotes = Literal["necessary", "non_numeric"]


def write_las(labels: Labels, blocks: Iterable[Block]) -> Iterator[bytes]:
    """Yield a LAS 2.0 file with a line for each trace. Values read back as the same float32.

    ``STEP`` is 0 if the depth steps differ, as the standard requires.
    """
    yield LINE_END.join(_las_header(labels)).encode() + LINE_END.encode()
    names = ["DEPT", *labels.columns()]
    for block in blocks:
        values = np.ascontiguousarray(_without_nan(block, labels.null()).T)
        columns = dict(zip(names, [block.depths, *values], strict=True))
        yield _lines(pl.DataFrame(columns), " ")


def write_techlog(labels: Labels, blocks: Iterable[Block]) -> Iterator[bytes]:
    """Yield Techlog's long form: a line ``well,dataset,depth,value`` for each pixel."""
    dataset = f"{labels.mnemonic}_{labels.log}"
    name = labels.columns()[0] if labels.width == 1 else labels.mnemonic
    header = [
        f"wellName,datasetName,TDEP,{name}",
        f",,{_quoted(labels.depth_unit)},{_quoted(labels.unit)}",
    ]
    yield LINE_END.join(header).encode() + LINE_END.encode()
    null = labels.null(TECHLOG_NULLS)
    rows = max(LINES_AT_ONCE // labels.width, 1)
    # A line that begins with another character may be taken for a comment.
    quotes: Quotes = "necessary" if labels.well[:1].isalnum() else "non_numeric"
    for block in blocks:
        for start in range(0, len(block.depths), rows):
            some = Block(block.depths[start : start + rows], block.traces[start : start + rows])
            frame = pl.DataFrame(
                {
                    "well": pl.repeat(labels.well, some.traces.size, eager=True),
                    "dataset": pl.repeat(dataset, some.traces.size, eager=True),
                    "depth": some.depths.repeat(labels.width),
                    "value": _without_nan(some, null).ravel(),
                }
            )
            yield _lines(frame, ",", quotes)


def _las_header(labels: Labels) -> Iterator[str]:
    unit = labels.depth_unit.replace(" ", "")
    reference = f", azimuths from {labels.azimuth_reference}" if labels.azimuth_reference else ""
    yield "~VERSION INFORMATION"
    yield " VERS.   2.0 : CWLS LOG ASCII STANDARD - VERSION 2.0"
    yield " WRAP.   NO  : ONE LINE PER DEPTH STEP"
    yield "~WELL INFORMATION"
    yield f" STRT.{unit} {labels.first!r} : START DEPTH"
    yield f" STOP.{unit} {labels.last!r} : STOP DEPTH"
    yield f" STEP.{unit} {labels.step or 0.0!r} : STEP"
    yield f" NULL. {labels.null()} : NULL VALUE"
    yield " COMP.  : COMPANY"
    # The last colon of a line ends its value.
    yield f" WELL. {' '.join(labels.well.split())} : WELL"
    for mnemonic, meaning in (
        ("FLD", "FIELD"),
        ("LOC", "LOCATION"),
        ("PROV", "PROVINCE"),
        ("SRVC", "SERVICE COMPANY"),
        ("DATE", "LOG DATE"),
        ("UWI", "UNIQUE WELL ID"),
    ):
        yield f" {mnemonic}.  : {meaning}"
    yield "~CURVE INFORMATION"
    yield f" DEPT.{unit} : DEPTH"
    value_unit = re.sub(r"[\s:]+", "_", labels.unit)
    about = _one_line(labels.name) + reference
    for column, place in zip_longest(labels.columns(), labels.places):
        at = "" if place is None else f" {{AF;{place:.9g}{labels.place_unit.replace(' ', '')}}}"
        yield f" {column}.{value_unit} : {about}{at}"
    yield "~A"


def _without_nan(block: Block, null: float) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    values = block.traces.astype(np.float32)
    return np.where(np.isnan(values), np.float32(null), values)


def _lines(frame: pl.DataFrame, separator: str, quotes: Quotes = "necessary") -> bytes:
    return frame.write_csv(
        include_header=False, separator=separator, line_terminator=LINE_END, quote_style=quotes
    ).encode()


def _one_line(text: str) -> str:
    return re.sub(r"[\s:]+", " ", text)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if re.search(r'[",\s]', text) else text
