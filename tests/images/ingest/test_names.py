import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.ingest import names
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
    assert names.depth_rank(name) is not None


@pytest.mark.parametrize(
    "name",
    [
        *("TVD", "TVDSS", "Z", "X", "INDEX", "TOP", "DEPTHLESS", "", "below", "Vertical depth"),
        *("BIT_DEPTH", "Core depth", "Water depth", "Depth below sea level", "TVD depth"),
    ],
)
def test_other_depths_and_names_are_not_taken_for_measured_depth(name):
    assert names.depth_rank(names.column(name).name) is None


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
    column = names.column(name)
    assert names.depth_rank(column.name) is not None
    assert names.length_unit(column.unit)[0] == unit


@pytest.mark.parametrize("unit", ["", "-", "none", "No Unit", "UNITLESS", "NaN", "[]", "_", "n/a"])
def test_words_for_no_unit_are_no_unit(unit):
    assert names.unit_of(unit) == ""


@pytest.mark.parametrize(("unit", "told"), [("[dB]", "dB"), ("(ohm.m)", "ohm.m"), (" 'm' ", "m")])
def test_brackets_and_quotes_are_no_part_of_a_unit(unit, told):
    assert names.unit_of(unit) == told


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
    found = names.column(name, unit)
    assert (found.name, found.unit) == told


def test_a_number_in_brackets_is_a_place_and_no_unit():
    assert names.column("AMP[22.5]") == Column("AMP[22.5]")
    assert names.column("AMP (45°)") == Column("AMP (45°)")
    assert names.column("AMP [1/ft]") == Column("AMP", "1/ft")


def test_a_name_of_time_with_a_unit_of_length_is_of_depths():
    assert names.is_time(Column("ETIM", "S"))
    assert not names.is_time(Column("ETIM", "M"))


@given(st.integers(3, 400), st.floats(-180, 180), st.booleans(), st.integers(1, 4))
def test_even_places_around_the_wall_are_a_turn_from_anywhere_in_both_senses(
    count, start, clockwise, decimals
):
    sense = 1 if clockwise else -1
    places = [round((start + sense * i * 360 / count) % 360, decimals) for i in range(count)]
    found = names.turn(places, "")
    assert found is not None
    assert found.clockwise is clockwise
    assert abs(found.first_azimuth - places[0] % 360) < 1e-6


@pytest.mark.parametrize(
    "places",
    [
        range(200),
        range(1, 9),
        [0, 2.5, 5, 7.5],
        [10, 20, 30, 60, 90, 120],
        [0, 90, 90, 270],
        [0, 45, 90, 135, 180, 200, 270, 315],
    ],
)
def test_numbers_that_do_not_make_one_even_turn_are_no_azimuths(places):
    assert names.turn([float(place) for place in places], "") is None


def test_azimuths_that_were_cut_to_whole_degrees_are_still_a_turn():
    assert names.turn([float(int(i * 1.8)) for i in range(200)], "°") == (0.0, True)


def test_radians_are_angles_and_other_units_are_not():
    places = [i * 0.7853981 for i in range(8)]
    assert names.turn(places, "rad") == (0.0, True)
    assert names.turn([i * 45.0 for i in range(8)], "us") is None


@given(st.text(max_size=120))
def test_any_text_is_a_name(text):
    column = names.column(text)
    for read in (names.place, names.along, names.span, names.axis, names.length_unit):
        read(column.name)
    names.depth_rank(column.name)


def test_a_name_in_the_unicode_form_nfd_is_that_in_nfc():
    assert names.column("Dichte\u0301 [g/cc]") == Column("Dicht\u00e9", "g/cc")
