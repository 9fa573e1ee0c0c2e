"""Depths in the names of photos."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photos.depths_in_names import Depths, depths_in


@pytest.mark.parametrize(
    ("name", "top", "base"),
    [
        ("box_12_9000.0-9001.5", 9000, 9001.5),
        ("box_-5.5--4", -5.5, -4),
        ("15_9-F-4_0015.00-0016.00_dry", 15, 16),
        ("core 9000,5-9001,25 UV", 9000.5, 9001.25),
        ("A-12_9000m-9001m", 9000, 9001),
        ("A-12_9000.0m_to_9001.5m", 9000, 9001.5),
        ("9000.0 to 9001.5", 9000, 9001.5),
        ("9000to9001m", 9000, 9001),
        ("9000.0–9001.5", 9000, 9001.5),
        ("9000.0 - 9001.5 (wet)", 9000, 9001.5),
        ("9000.0_9001.5", 9000, 9001.5),
        ("2024-01-15_9000.0_9001.5", 9000, 9001.5),
        ("box 3-4 9000.0-9001.5", 9000, 9001.5),
        ("box12-13_9000-9001.5", 9000, 9001.5),
        ("Core_13375.00ft-13378.00ft_UV", 13375, 13378),
        ("2310.25mMD-2311.25mMD", 2310.25, 2311.25),
        ("2310.25 m MD to 2311.25 m MD", 2310.25, 2311.25),
        ("1200.00 metres - 1203.00 metres", 1200, 1203),
        ("7125'-7128'", 7125, 7128),
        ("7125.5-7128.0 feet", 7125.5, 7128),
        ("top_2310.25_base_2311.25", 2310.25, 2311.25),
        ("1200.50TO1203.50", 1200.5, 1203.5),
        ("1200.5-to-1203.5", 1200.5, 1203.5),
        ("Kiste 3 1932,0 bis 1937,0", 1932, 1937),
        ("core1 4,235.50-4,236.50", 4235.5, 4236.5),
        ("4.235,50-4.236,50", 4235.5, 4236.5),
        ("WL_2310.25\u22122311.25", 2310.25, 2311.25),
        ("2310.25—2311.25m_core_4", 2310.25, 2311.25),
        ("9000.00m~9001.00m", 9000, 9001),
        ("core.1200.5-1203.5", 1200.5, 1203.5),
        ("1200.5m_-_1203.5m_0001", 1200.5, 1203.5),
        ("Core_2_Box_3_of_12_2945.50-2946.50", 2945.5, 2946.5),
        ("NO_15-9-19_SR_3837.40m-3842.40m_UV", 3837.4, 3842.4),
        ("C1B5_2310.25-2311.25_WL_600dpi", 2310.25, 2311.25),
        ("A-1_1200.00-1203.00_20240115", 1200, 1203),
        ("1200.00-1203.00_2024-01-15", 1200, 1203),
        ("Core_plug_12.5mm_1200.0-1203.0", 1200, 1203),
        ("box 12_2310.25-2311.25 - Copy (2)", 2310.25, 2311.25),
        ("tray 5 1200-1203m", 1200, 1203),
        ("-5.5m to -4.0m", -5.5, -4),
    ],
)
def test_depths_are_read_as_people_write_them(name, top, base):
    depths = depths_in(name)
    assert (depths.top, depths.base, depths.doubt) == (top, base, "")


@pytest.mark.parametrize("name", ["core_12-13", "9000-9001", "box 7_9000-9001"])
def test_whole_numbers_are_taken_but_said_to_be_in_doubt(name):
    assert "may be numbers of boxes" in depths_in(name).doubt


@pytest.mark.parametrize(
    "name",
    [
        *("box 12-13", "Box_12-13", "boxes 12-13", "tray3_4", "nr. 12-13", "IMG_2024_01"),
        *("page 1-2", "IMG_0123-0124", "core 1 box 2 to 3", "Box 3 - 9000.5", "core12_13"),
    ],
)
def test_numbers_of_boxes_are_never_taken_for_depths(name):
    with pytest.raises(ValueError, match="no depths"):
        depths_in(name)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("undepthed", "no depths"),
        ("dots_1..2-3", "no depths"),
        ("reversed_9001.5-9000.0", "reversed"),
        ("1.0-2.0_3.0-4.0", "several pairs"),
        ("2024-01-15_9000-9001", "several pairs"),
        ("16_2-6_1932-1937", "several pairs"),
        ("4,235-4,236", "4,235 in its name may be 4.235 or 4235"),
        ("2310_25-2311_25", "too far apart"),
        ("Core 2 - 2945.5", "too far apart"),
        ("1200m00-1203m00", "no depths"),
    ],
)
def test_names_that_leave_a_doubt_which_are_the_depths_are_refused(name, reason):
    with pytest.raises(ValueError, match=reason):
        depths_in(name)


@pytest.mark.parametrize("name", ["16_2-6_1932-1937", "16-2-6 1932-1937", "162-6_1932-1937"])
def test_the_numbers_of_the_well_are_no_depths(name):
    depths = depths_in(name, "16/2-6")
    assert (depths.top, depths.base) == (1932, 1937)


@given(
    st.floats(-999, 9999).map(lambda depth: round(depth, 2)),
    st.floats(0, 50).map(lambda length: round(length, 2)),
    st.sampled_from(["-", "–", " - ", "_", "_to_", " to "]),
    st.sampled_from(["", "m", " m", "ft"]),
    st.sampled_from(["", "box 12_", "P11-A-02_", "Core 3 "]),
    st.sampled_from(["", "_dry", " (UV)"]),
)
def test_two_depths_are_found_however_they_are_set(top, length, between, unit, before, after):
    base = round(top + length, 2)
    found = depths_in(f"{before}{top:.2f}{unit}{between}{base:.2f}{unit}{after}")
    assert (found.top, found.base, found.doubt) == (top, base, "")


@given(st.text(alphabet="0123456789.,-_ mtobx", max_size=60))
def test_any_name_is_read_or_refused(name):
    with suppress(ValueError):
        depths = depths_in(name)
        assert depths.top <= depths.base


def test_the_name_of_a_well_is_known_in_either_unicode_form():
    for well in ("S\u00fcd 12", "Su\u0308d 12"):
        for name in ("S\u00fcd_12_3.5-4.5", "Su\u0308d_12_3.5-4.5"):
            assert depths_in(name, well) == Depths(3.5, 4.5)
