"""Compare the depths of a file with those that its header tells, as STRT, STOP and STEP of LAS."""

from collections.abc import Iterator
from typing import NamedTuple

from images.ingest.names.units import length_unit
from images.ingest.table import Table, Told


class Range(NamedTuple):
    """The depths of a log: its ends, its sampling interval, and their unit, None where unknown."""

    top: float
    base: float
    interval: float | None
    unit: str | None


def differing(table: Table, found: Range) -> Iterator[Told]:
    """A warning, as (code, detail), where the header of ``table`` tells other depths than those
    ``found``."""
    if table.ends is None or table.unit_of_ends:
        return
    told, kept = length_unit(table.ends.unit), length_unit(found.unit or "")
    if bool(told) != bool(kept):
        return
    factor = told[1] / kept[1] if told and kept else 1.0
    low, high = sorted((table.ends.first * factor, table.ends.last * factor))
    top, base, interval = found.top, found.base, found.interval or 0
    allowed = 1.5 * interval + 1e-6 * max(abs(top), abs(base))
    step = abs(table.ends.step or 0) * factor
    even = not step or not interval or abs(step - interval) <= 0.01 * interval
    if abs(low - top) <= allowed and abs(high - base) <= allowed and even:
        return
    by_header = f"{low:.10g} to {high:.10g}" + (f" with a step of {step:.6g}" if step else "")
    yield (
        "header-disagrees",
        f"by STRT, STOP and STEP the depths are {by_header}; they are {top:.10g} to {base:.10g}"
        f" with a step of {interval:.6g}",
    )
