"""What the service writes as text it reads to the same depths and values, to the bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from images.arrays import Block
from images.ingest import open_file
from images.ingest.layout.find import find
from images.ingest.layout.plan import Options
from images.ingest.nulls import blank
from images.ingest.table import USUAL_NULLS, Read
from images.render.writers.desktop import write_las, write_techlog
from images.render.writers.labels import Labels
from images.render.writers.tables import write_csv
from tests.images.ingest.files import LIMIT, opened

# A number that usually is a null is one on the way back, where a file does not declare its own.
usual = [float(np.float32(null)) for null in USUAL_NULLS]
numbers = st.floats(-(2.0**99), 2.0**99, width=32).filter(lambda value: value not in usual)
words = st.sampled_from(["AMP", "GR2", "T2_DIST", "FMI-4", "ROP_1", "P1_B", "X10", "col"])
wells = st.sampled_from(
    ["15/9-F-4", "A: B", 'the "old"', "it's", "#1", "~A", "%", "//", "!", "a,b;c", "..", "Ж-1 井"]
)
units = st.sampled_from(["", "ohm.m", "g/cc", "%", "1/ft", "us/ft"])


@st.composite
def logs(draw):
    rows, width = draw(st.integers(2, 12)), draw(st.integers(1, 12))
    values = draw(arrays.arrays(np.float32, (rows, width), elements=numbers | st.just(np.nan)))
    steps = draw(st.lists(st.floats(1e-3, 50), min_size=rows, max_size=rows))
    depths = draw(st.floats(-1000, 9000)) + np.cumsum(steps)
    labels = Labels(
        *("0" * 24, draw(wells), draw(words), draw(units), draw(st.sampled_from(["", "m", "ft"]))),
        azimuth_reference="",
        width=width,
        first=float(depths[0]),
        last=float(depths[-1]),
        step=None,
        minimum=float(np.fmin.reduce(values, axis=None, initial=0)),
        maximum=float(np.fmax.reduce(values, axis=None, initial=0)),
    )
    return labels, Block(depths, values)


def as_csv(labels, blocks):
    return write_csv(labels.columns(), blocks)


def read_back(data):
    """The only log of a file: its layout, its depths, its values with nulls, and its well."""
    with opened(data) as file, open_file.contents(file, LIMIT, Options()) as contents:
        [table] = contents.tables
        plan = find(table, Options())
        [log] = plan.logs
        blocks = list(table.rows(Read(plan.depth, log.columns)))
        values = np.concatenate([block.values for block in blocks])
        blank(values, table.nulls or USUAL_NULLS)
        depths = np.concatenate([block.depths for block in blocks])
        return plan, depths, values, contents.well or table.well


@pytest.mark.parametrize("write", [as_csv, write_las, write_techlog])
@given(log=logs())
def test_a_log_of_values_comes_back_to_the_bit(write, log):
    labels, block = log
    half = len(block.depths) // 2
    halves = [Block(block.depths[:half], block.traces[:half])]
    halves += [Block(block.depths[half:], block.traces[half:])]
    plan, depths, values, well = read_back(b"".join(write(labels, halves)))
    np.testing.assert_array_equal(depths, block.depths)
    np.testing.assert_array_equal(values, block.traces)
    assert (plan.logs[0].name, plan.logs[0].width) == (labels.mnemonic, labels.width)
    if write is not as_csv:
        assert (plan.logs[0].unit, plan.depth_unit) == (labels.unit, labels.depth_unit)
    assert well == (None if write is as_csv else labels.well)


@given(
    arrays.arrays(np.uint8, st.tuples(st.integers(1, 9), st.just(150))),
    st.floats(0, 9000),
)
def test_a_csv_of_grays_comes_back_as_the_same_numbers(traces, top):
    block = Block(top + np.arange(len(traces)) * 0.1, traces)
    data = b"".join(write_csv([f"col{i}" for i in range(1, 151)], [block]))
    _, depths, values, _ = read_back(data)
    np.testing.assert_array_equal(depths, block.depths)
    np.testing.assert_array_equal(values, traces)
