"""LAS and Techlog files, read back as desktop programs read them."""

import csv
import io
from dataclasses import replace

import lasio
import numpy as np
import pytest

from images.arrays import Block
from images.render.writers.desktop import write_las, write_techlog
from tests.images.render.writers.test_arrow import BLOCKS, DEPTHS, LABELS, VALUES


def las(labels=LABELS, blocks=BLOCKS):
    return lasio.read(io.StringIO(b"".join(write_las(labels, iter(blocks))).decode()))


def test_lasio_reads_the_same_depths_and_float32_values():
    file = las()
    assert [curve.mnemonic for curve in file.curves] == ["DEPT", "RES[0]", "RES[1]", "RES[2]"]
    assert [curve.unit for curve in file.curves] == ["m", "ohm.m", "ohm.m", "ohm.m"]
    np.testing.assert_array_equal(file.index, DEPTHS)
    np.testing.assert_array_equal(file.data[:, 1:].astype("f4"), VALUES)


def test_strt_stop_step_null_and_the_well_are_in_the_header():
    file = las()
    assert (file.well.STRT.value, file.well.STOP.value, file.well.STEP.value) == (1.0, 5.0, 1.0)
    assert file.well.STRT.unit == "m"
    assert file.well.NULL.value == -999.25
    assert file.well.WELL.value == "15/9-F-4"


def test_step_is_0_where_the_sampling_interval_changes():
    assert las(replace(LABELS, step=None)).well.STEP.value == 0


def test_null_is_a_number_that_is_no_value_of_the_log():
    file = las(replace(LABELS, minimum=-1000.0))
    assert file.well.NULL.value == -9999
    assert np.isnan(file.data[1, 2])


def test_a_curve_has_its_plain_name():
    blocks = [Block(DEPTHS, VALUES[:, :1])]
    file = las(replace(LABELS, width=1, name="CAL: 1"), blocks)
    assert [curve.mnemonic for curve in file.curves] == ["DEPT", "CAL_1"]


def test_the_place_of_each_column_is_in_its_description():
    file = las(replace(LABELS, places=(0.0, 2.4000000000000004, 359.9), place_unit="deg"))
    assert [curve.descr.partition(" {")[2] for curve in file.curves[1:]] == [
        *("AF;0deg}", "AF;2.4deg}", "AF;359.9deg}")
    ]
    assert file.curves[1].mnemonic == "RES[0]"


def test_units_have_no_space_where_las_would_take_the_rest_for_the_value():
    file = las(replace(LABELS, depth_unit="0.1 in", unit="g/cm 3"))
    assert (file.well.STRT.value, file.well.STOP.value) == (1.0, 5.0)
    assert file.well.STRT.unit == "0.1in"
    assert file.curves[1].unit == "g/cm_3"


@pytest.mark.parametrize("name", ["A,B", 'A "B"', "A;B", "A: B"])
def test_a_name_makes_no_further_column(name):
    labels = replace(LABELS, name=name)
    [header, *_] = csv.reader(b"".join(write_techlog(labels, iter(BLOCKS))).decode().splitlines())
    assert header[3] == "A_B"
    assert [curve.mnemonic for curve in las(labels).curves][1:] == ["A_B[0]", "A_B[1]", "A_B[2]"]


@pytest.mark.parametrize("well", ["A:1\r\nNULL. 5", "A  1"])
def test_a_name_cannot_add_a_line_to_the_header(well):
    assert las(replace(LABELS, well=well)).well.NULL.value == -999.25


def test_techlog_is_written_in_pieces_of_bounded_length():
    traces = np.zeros((1740, 150), np.float32)
    labels = replace(LABELS, width=150)
    blocks = [Block(np.arange(1740.0), traces)]
    pieces = [*write_techlog(labels, iter(blocks))]
    assert sum(piece.count(b"\r\n") for piece in pieces) == 2 + traces.size
    assert max(map(len, pieces)) < 4_000_000


def test_techlog_has_two_header_lines_and_a_line_for_each_pixel():
    labels = replace(LABELS, well="A, 1")
    rows = list(csv.reader(b"".join(write_techlog(labels, iter(BLOCKS))).decode().splitlines()))
    assert rows[0] == ["wellName", "datasetName", "TDEP", "RES"]
    assert rows[1] == ["", "", "m", "ohm.m"]
    assert len(rows) == 2 + VALUES.size
    assert rows[2] == ["A, 1", f"RES_{LABELS.log}", "1.0", "1.0"]
    assert float(rows[6][3]) == -9999


def test_the_null_of_techlog_is_its_own_unless_it_is_a_value():
    labels = replace(LABELS, minimum=-9999.0, maximum=-9000.0)
    assert b",-999.25\r\n" in b"".join(write_techlog(labels, iter(BLOCKS)))
