import numpy as np
import pytest

from images.errors import InvalidFile
from images.ingest import open_file
from images.ingest.layout.plan import Options
from tests.images.ingest.files import LIMIT, opened, table
from tests.images.ingest.text.texts import refusal

TECHLOG = "wellName,datasetName,DEPTH,FMI\n,,m,ohm.m\n"


def long_form(depths, width=16):
    rows = (f"W,D,{depth},{i}\n" for depth in depths for i in range(width))
    return TECHLOG + "".join(rows)


def test_a_techlog_file_of_one_trace_is_an_image_of_one_row():
    plan, depths, values = table(long_form([100]))
    assert [(log.name, log.unit, log.width) for log in plan.logs] == [("FMI", "ohm.m", 16)]
    assert depths.tolist() == [100.0]
    assert values.tolist() == [list(range(16))]


def with_depth_above(pixels=16, width=16):
    """Each depth on the first of its rows alone; the last one has so many ``pixels``."""
    depths = [100 + i // width if i % width == 0 else "" for i in range(3 * width + pixels)]
    return "DEPTH,FMI\n" + "".join(f"{depth},{i}\n" for i, depth in enumerate(depths))


def test_a_blank_depth_below_another_is_taken_for_the_same_and_told():
    plan, depths, values = table(with_depth_above())
    assert plan.logs[0].width == 16
    assert depths.tolist() == [100.0, 101.0, 102.0, 103.0]
    np.testing.assert_array_equal(values, np.arange(64).reshape(4, 16))
    with (
        opened(with_depth_above().encode()) as file,
        open_file.contents(file, LIMIT, Options()) as found,
    ):
        [(code, detail)] = found.warnings
    assert code == "depths-above"
    assert "each depth stands on the first of 16 rows" in detail


def test_a_depth_that_stands_on_the_first_of_more_rows_than_the_sample_has_is_that_of_all():
    plan, depths, values = table(with_depth_above(pixels=360, width=360))
    assert [log.width for log in plan.logs] == [360]
    assert depths.tolist() == [100.0, 101.0, 102.0, 103.0]
    np.testing.assert_array_equal(values, np.arange(4 * 360).reshape(4, 360))


def test_blank_depths_that_do_not_come_out_even_are_refused():
    with pytest.raises(InvalidFile, match="depth 103 has 15 rows of pixels; the others have 16"):
        table(with_depth_above(pixels=15))


def test_a_column_that_counts_the_pixels_is_no_image():
    rows = (f"W,D,{100 + i // 8},{i % 8},{i}\n" for i in range(32))
    plan, _, _ = table("wellName,datasetName,DEPTH,FMI_index,FMI\n,,m,,ohm.m\n" + "".join(rows))
    assert [(log.name, log.width) for log in plan.logs] == [("FMI", 8)]


def test_a_column_of_one_value_a_depth_beside_an_image_is_a_curve():
    rows = [(100 + i // 8, i, 8.5 + i // 8, "" if i < 8 else 5, 7) for i in range(1000)]
    data = "depth,AMP,CALI,GR,BS\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)
    plan, depths, values = table(data)
    assert [(log.name, log.kind, log.width) for log in plan.logs] == [
        ("AMP", "image", 8),
        ("CALI", "curve", 1),
        ("GR", "curve", 1),
        ("BS", "curve", 1),
    ]
    assert values.shape == (len(depths), 11) == (125, 11)
    assert values[2].tolist() == [*range(16, 24), 10.5, 5, 7]


@pytest.mark.parametrize("null", ["-999.25", ""])
def test_an_image_that_begins_with_nulls_or_changes_at_the_end_is_no_curve(null):
    rows = [f"{100 + i // 8},{i},{null if i < 900 else i}\n" for i in range(1000)]
    plan, *_ = table("depth,AMP,TT\n" + "".join(rows))
    assert [(log.name, log.width) for log in plan.logs] == [("AMP", 8), ("TT", 8)]


def test_rows_that_are_repeated_are_no_image():
    rows = [f"{100 + i // 4},{i // 4},{i // 4 * 2}\n" for i in range(40)]
    plan, depths, _ = table("depth,GR,DT\n" + "".join(rows))
    assert ([log.width for log in plan.logs], len(depths)) == ([1, 1], 40)


@pytest.mark.parametrize("rows", [10, 1500])
def test_rows_sorted_by_azimuth_before_depth_are_refused_with_what_helps(rows):
    lines = [f"{100 + i},{azimuth},{i}\n" for azimuth in range(0, 360, 90) for i in range(rows)]
    with pytest.raises(InvalidFile, match="the rows are sorted by azimuth, and only then by depth"):
        table("depth,azimuth,AMP\n" + "".join(lines))


def test_a_curve_that_is_called_as_places_are_is_none_where_depths_repeat():
    rows = [(100, 5), (101, 5), (100, 7), (101, 7)]
    plan, *_ = table("depth,col\n" + "".join(f"{depth},{value}\n" for depth, value in rows))
    assert [log.name for log in plan.logs] == ["col"]


def test_azimuths_of_a_survey_are_no_places_of_pixels():
    lines = [f"{100 + i},{1 + i % 3},{45 if i < 5 else i}\n" for i in range(20)]
    plan, *_ = table("depth,inclination,azimuth\n" + "".join(lines))
    assert [log.name for log in plan.logs] == ["inclination", "azimuth"]


def test_one_row_a_pixel_becomes_one_row_a_depth():
    lines = ["wellName,TDEP,IMG,AMP", ",ft,ohm.m,"]
    lines += [f"15/9,{100 + row / 2},{10 * row + i},{i}" for row in range(3) for i in range(5)]
    plan, depths, values = table("\n".join(lines))
    assert [(log.name, log.unit, log.width) for log in plan.logs] == [
        ("IMG", "ohm.m", 5),
        ("AMP", "", 5),
    ]
    assert depths.tolist() == [100.0, 100.5, 101.0]
    assert values[1].tolist() == [10, 11, 12, 13, 14, 0, 1, 2, 3, 4]


def test_one_row_a_pixel_with_a_pixel_too_few_is_refused():
    lines = ["wellName,depth,IMG"]
    lines += [f"A,{row},{i}" for row in range(400) for i in range(5)]
    assert "depth 399 has 4 rows of pixels; the others have 5" in refusal("\n".join(lines[:-1]))
    assert "depth 390 does not have 5 rows" in refusal("\n".join(lines[:1951] + lines[1952:]))


def test_azimuths_of_one_row_a_pixel_are_those_of_the_image_and_no_log():
    lines = ["depth,azimuth,pixel,AMP"]
    lines += [f"{row},{45 * i},{i},{row}{i}" for row in range(5) for i in range(8)]
    plan, _, values = table("\n".join(lines))
    [log] = plan.logs
    assert (log.name, log.width, log.first_azimuth, log.clockwise) == ("AMP", 8, 0.0, True)
    assert [name for name, _ in plan.ignored] == ["azimuth", "pixel"]
    assert values[1].tolist() == [10, 11, 12, 13, 14, 15, 16, 17]
    lines += [f"{row},{45 * i + row // 50},{i},1" for row in range(5, 60) for i in range(8)]
    assert "depth 50 has azimuth 1 where the first depth has 0" in refusal("\n".join(lines))


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        *[
            (name, 1)
            for name in ("azimuth", "Azimuth (magnetic)", "Tool azimuth", "X (deg)", "where")
        ],
        ("theta (rad)", np.pi / 180),
    ],
)
@pytest.mark.parametrize("width", [8, 360])
def test_azimuths_are_known_by_their_numbers_however_many_pixels_a_depth_has(name, factor, width):
    rows = [
        f"{depth},{i * 360 / width * factor:.6g},{depth + i % 7}"
        for depth in (1, 2, 3)
        for i in range(width)
    ]
    plan, depths, _ = table("\n".join([f"depth,{name},AMP", *rows, ""]))
    [log] = plan.logs
    assert (log.name, log.width, log.first_azimuth, log.clockwise) == ("AMP", width, 0.0, True)
    assert depths.tolist() == [1, 2, 3]


def test_numbers_that_count_the_pixels_are_no_image_whatever_they_are_called():
    rows = [f"{depth},{i + 1},{depth + i % 7}" for depth in (1, 2, 3) for i in range(200)]
    plan, *_ = table("\n".join(["depth,Trace,AMP", *rows, ""]))
    assert [(log.name, log.width, log.first_azimuth) for log in plan.logs] == [("AMP", 200, None)]


def pixels(order, column="azimuth"):
    """Depths of 8 pixels each; ``order`` gives the places of the pixels of a depth, by its row."""
    rows = [f"{d},{place},{100 * d + place}\n" for d in range(6) for place in order(d)]
    return f"depth,{column},AMP\n" + "".join(rows)


@pytest.mark.parametrize(
    ("order", "column", "expected"),
    [
        (lambda d: [45 * ((i + d) % 8) for i in range(8)], "azimuth", range(0, 360, 45)),
        (lambda d: [*range(0, 360, 45)][:: 1 - 2 * (d % 2)], "azimuth", range(0, 360, 45)),
        (lambda d: [5, 2, 7, 1, 8, 3, 6, 4], "sector", range(1, 9)),
        (lambda d: range(8, 0, -1), "sector", range(1, 9)),
    ],
    ids=["begins elsewhere", "to and fro", "mixed", "backwards"],
)
def test_pixels_are_put_in_the_order_of_their_places(order, column, expected):
    plan, depths, values = table(pixels(order, column))
    assert [(log.name, log.width) for log in plan.logs] == [("AMP", 8)]
    assert values.tolist() == [[100 * depth + place for place in expected] for depth in depths]


def test_pixels_that_lack_at_one_depth_are_told_where_a_column_names_the_places():
    lines = pixels(lambda d: range(0, 360, 45)).splitlines()
    with pytest.raises(InvalidFile, match="depth 3 does not have 8 rows of pixels"):
        table("\n".join(lines[:27] + lines[28:]))


def test_rounded_depths_with_several_rows_of_pixels_each_keep_them_apart():
    data = pixels(lambda d: [*range(1, 9), *range(1, 9)], "sector")
    plan, depths, values = table(data)
    assert [(log.name, log.width) for log in plan.logs] == [("AMP", 8)]
    assert depths.tolist() == [d // 2 for d in range(12)]
    assert values[-1].tolist() == [501 + i for i in range(8)]


def test_pads_and_their_buttons_are_places_of_the_pixels_of_one_depth():
    rows = [
        f"{d},{p},{b},{100 * d + 10 * p + b}\n" for d in range(5) for p in (1, 2) for b in range(5)
    ]
    plan, _, values = table("depth,Pad,Button,RES\n" + "".join(rows))
    assert [(log.name, log.width) for log in plan.logs] == [("RES", 10)]
    assert [name for name, _ in plan.ignored] == ["Pad", "Button"]
    assert values[1].tolist() == [110, 111, 112, 113, 114, 120, 121, 122, 123, 124]


def test_a_curve_that_stands_on_the_first_row_of_each_depth_alone_is_one():
    rows = [f"{d},{10 * d + i},{50 + d if i == 0 else ''}\n" for d in range(5) for i in range(8)]
    plan, _, values = table("depth,AMP,GR\n" + "".join(rows))
    assert [(log.name, log.width) for log in plan.logs] == [("AMP", 8), ("GR", 1)]
    assert values[:, 8].tolist() == [50, 51, 52, 53, 54]


@pytest.mark.parametrize("null", ["", "-9999"])
def test_the_narrower_of_two_arrays_keeps_its_own_width_and_that_is_told(null):
    rows = [
        (d, i, 10 * d + i if i < 8 else null, (7 * d + 3 * i) % 11)
        for d in range(5)
        for i in range(16)
    ]
    data = "wellName,datasetName,DEPTH,AMP,TT\n,,m,dB,us\n"
    data += "".join(f"W,D,{d},{amp},{time}\n" for d, _, amp, time in rows)
    plan, _, values = table(data)
    assert [(log.name, log.width) for log in plan.logs] == [("AMP", 8), ("TT", 16)]
    assert values[2, :8].tolist() == [*range(20, 28)]
    with opened(data.encode()) as file, open_file.contents(file, LIMIT, Options()) as found:
        assert [code for code, _ in found.warnings] == ["array-narrower"]
    azimuths = "".join(f"{d},{22.5 * i},{amp},{time}\n" for d, i, amp, time in rows)
    plan, *_ = table("DEPTH,AZIM,AMP,TT\n" + azimuths)
    assert [(log.name, log.width) for log in plan.logs] == [("AMP", 16), ("TT", 16)]
