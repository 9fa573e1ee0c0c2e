import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.ingest.names.columns import column_of, depth_rank, is_time
from images.ingest.names.places import axis_place, bare_axis_place, place_of, range_of
from images.ingest.names.units import length_unit
from images.ingest.table import Column


@pytest.mark.parametrize(
    "name",
    [
        *(
            "DEPT",
            "DEPT:1",
            "Measured Depth",
            "measured_depth",
            "TDEP",
            "BOREHOLE-DEPTH",
            "Глубина",
        ),
        *("DEPTH_WL", "Depth below ground", "Depth CSF-A", "DEPTH_WMSF", "Along-hole depth", "AHD"),
        *("Głębokość", "Profondità", "Mélység", "độ sâu", "测深", "Глубина по стволу", "Kedalaman"),
    ],
)
def test_the_usual_names_of_measured_depth_are_known(name):
    assert depth_rank(name) is not None


@pytest.mark.parametrize(
    "name",
    [
        *("TVD", "TVDSS", "Z", "X", "INDEX", "TOP", "DEPTHLESS", "", "below", "Vertical depth"),
        *("BIT_DEPTH", "Core depth", "Water depth", "Depth below sea level", "TVD depth"),
    ],
)
def test_other_depths_and_names_are_not_taken_for_measured_depth(name):
    assert depth_rank(column_of(name).name) is None


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        *((name, "m") for name in ["depth [M]", "Depth(m)", "DEPTH:M", "DEPTH.M", "Depth, m"]),
        *((name, "m") for name in ["Depth_m", "DEPTH/m", "depth in m", "DEPTH<m>", "DepthMeters"]),
        *((name, "m") for name in ["MD (mRKB)", "DEPTH - m", "Глубина, м", "深度(米)"]),
        *((name, "m") for name in ["Depth (mbsf)", "depth_mbgl", "Depth [m]/Azimuth [°]"]),
        *((name, "m") for name in ["Depth (m) \\ Angle", "Depth (m)|azimuth", "MD (m) vs Azimuth"]),
        *(
            (name, "ft")
            for name in ["DEPTH_FT", "depth (ft bls)", "Dept.ft", "Depth (ft MD)", "MD [ftKB]"]
        ),
        *((name, "0.1 in") for name in ["DEPT (0.1 in)", "TDEP (.1in)", "TDEP [0.1IN]"]),
    ],
)
def test_the_unit_behind_the_name_of_a_depth_is_its_unit(name, unit):
    column = column_of(name)
    assert depth_rank(column.name) is not None
    assert length_unit(column.unit)[0] == unit


@pytest.mark.parametrize(
    ("name", "unit", "told"),
    [
        ("RES(16N)", "OHMM", ("RES(16N)", "OHMM")),
        ("RES (FL)", "", ("RES", "FL")),
        ("GR (API)", "api", ("GR", "api")),
        ("DEPTH (M)", "ft", ("DEPTH", "ft")),
    ],
)
def test_brackets_stay_in_a_name_whose_unit_is_told_elsewhere_but_for_depths(name, unit, told):
    found = column_of(name, unit)
    assert (found.name, found.unit) == told


def test_a_number_in_brackets_is_a_place_and_no_unit():
    assert column_of("AMP[22.5]") == Column("AMP[22.5]")
    assert column_of("AMP (45°)") == Column("AMP (45°)")
    assert column_of("AMP [1/ft]") == Column("AMP", "1/ft")


def test_a_name_of_time_with_a_unit_of_length_is_of_depths():
    assert is_time(Column("ETIM", "S"))
    assert not is_time(Column("ETIM", "M"))


@given(st.text(max_size=120))
def test_any_text_is_a_name(text):
    column = column_of(text)
    for read in (place_of, axis_place, range_of, bare_axis_place, length_unit):
        read(column.name)
    depth_rank(column.name)


def test_a_name_in_the_unicode_form_nfd_is_that_in_nfc():
    assert column_of("Dichte\u0301 [g/cc]") == Column("Dicht\u00e9", "g/cc")
