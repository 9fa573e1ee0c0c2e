import pytest

from tests.images.ingest.layout.columns import EIGHT, found, only


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        *(("AMP_{}deg", "AMP"), ("AMP {}.0°", "AMP"), ("AMP[{}]", "AMP"), ("AMP ({}°)", "AMP")),
        *(("AMP_{:03d}", "AMP"), ("Az{}", "Az"), ("{}", "image"), ("{}.0", "image")),
        *(("{} deg", "image"), ("{}°", "image"), ("{}DEG", "image"), ("{}_deg", "image")),
        # UTF-8 that was read as Latin-1 and written as UTF-8 again.
        *(("Az_{}_deg", "Az"), ("{}.0Â°", "image")),
    ],
)
def test_numbers_that_go_around_the_wall_are_azimuths(pattern, name):
    log = only([pattern.format(45 * i) for i in EIGHT])
    assert (log.name, log.kind, log.first_azimuth, log.clockwise) == (name, "image", 0.0, True)


@pytest.mark.parametrize("pattern", ["{}", "AZ{:04d}", "AMP_{}"])
def test_tenths_of_degrees_are_azimuths_too(pattern):
    log = only([pattern.format(25 * i + 25) for i in range(144)])
    assert (log.kind, log.width, log.first_azimuth, log.clockwise) == ("image", 144, 2.5, True)


@pytest.mark.parametrize("pattern", ["AMP_{}.0", "azimuth {}", "AZ{}"])
def test_one_column_a_degree_is_told_by_decimals_or_by_the_word_azimuth(pattern):
    log = only([pattern.format(i) for i in range(360)])
    assert (log.kind, log.width, log.first_azimuth, log.clockwise) == ("image", 360, 0.0, True)


@pytest.mark.parametrize("pattern", ["{}-{}", "{} - {}°", "{}_{}", "AMP_{}-{}", "{} to {} deg"])
def test_ranges_of_azimuth_are_told_by_their_middle(pattern):
    log = only([pattern.format(45 * i, 45 * i + 45) for i in EIGHT])
    assert (log.kind, log.first_azimuth, log.clockwise) == ("image", 22.5, True)


def test_azimuths_may_begin_anywhere_and_go_either_way():
    log = only([f"{(90 + 45 * i) % 360}" for i in EIGHT])
    assert (log.first_azimuth, log.clockwise) == (90.0, True)
    log = only([f"{315 - 45 * i}°" for i in EIGHT])
    assert (log.first_azimuth, log.clockwise) == (315.0, False)


@pytest.mark.parametrize("count", [8, 200, 400])
def test_plain_numbers_that_only_count_the_columns_are_no_azimuths(count):
    log = only([str(i) for i in range(count)])
    assert (log.name, log.kind, log.first_azimuth) == ("image", "image", None)


@pytest.mark.parametrize(
    ("columns", "name", "unit", "first"),
    [
        ([f"{4 * i:.2f} us" for i in EIGHT], "array", "us", 0.0),
        ([f"{100 * i}Hz" for i in EIGHT], "array", "Hz", 0.0),
        ([f"T2_{0.3 * 2**i:.3g}ms" for i in EIGHT], "T2", "ms", 0.3),
        ([f"T2_{0.3 * 10**i:.3g} ms" for i in EIGHT], "T2", "ms", 0.3),
        ([f"T2 {0.32 * 2**i:.2f}" for i in EIGHT], "T2", "", 0.32),
        ([f"{2.5 * i}" for i in EIGHT], "array", "", 0.0),
        ([f"T2_{i}ms" for i in EIGHT], "T2", "ms", 0.0),
        ([f"{10 * i} kPa" for i in EIGHT], "array", "kPa", 0.0),
    ],
)
def test_times_and_frequencies_are_an_array_with_its_axis(columns, name, unit, first):
    log = only(columns)
    assert (log.name, log.kind, log.axis_unit, log.axis[0]) == (name, "array", unit, first)
    assert log.first_azimuth is None


def test_numbers_with_points_that_count_in_groups_are_no_places_on_an_axis():
    logs = found([f"P{pad}.{button}" for pad in (1, 2) for button in range(1, 9)]).logs
    assert [(log.name, log.kind, log.width) for log in logs] == [
        ("P1", "image", 8),
        ("P2", "image", 8),
    ]


@pytest.mark.parametrize("name", ["BUT1", "TT1", "Echo amplitude", "STRAIN", "Combined"])
def test_names_that_only_look_like_those_of_spectra_are_images(name):
    assert only([f"{name}[{i}]" for i in EIGHT]).kind == "image"


@pytest.mark.parametrize("name", ["T2_DIST", "T2DIST", "WAVE", "bin"])
def test_spectra_are_arrays_and_not_images_of_the_wall(name):
    assert only([f"{name}[{i}]" for i in EIGHT]).kind == "array"


@pytest.mark.parametrize(
    ("unit", "width", "kind"),
    [("PU", 8, "array"), ("v/v", 30, "array"), ("v/v", 180, "image"), ("g/cc", 8, "image")],
)
def test_arrays_in_units_of_porosity_are_images_if_they_are_wide(unit, width, kind):
    assert only([f"P{i} ({unit})" for i in range(width)]).kind == kind


@pytest.mark.parametrize("pattern", ["Amp={:.1f}", "Amp @ {:g} deg", "Amp:{:.1f}"])
def test_signs_between_a_name_and_its_azimuth_are_not_of_the_name(pattern):
    log = only([pattern.format(i * 22.5) for i in range(16)])
    assert (log.name, log.first_azimuth, log.clockwise) == ("Amp", 0.0, True)


@pytest.mark.parametrize("pattern", ["Sector {} ({:g}-{:g})", "Sector_{} [{:g}-{:g}°]"])
def test_numbered_columns_with_the_range_of_each_in_brackets_have_azimuths(pattern):
    log = only([pattern.format(i + 1, 22.5 * i, 22.5 * i + 22.5) for i in range(16)])
    assert (log.name, log.unit, log.width, log.first_azimuth) == ("Sector", "", 16, 11.25)


def test_azimuths_in_another_order_put_the_columns_in_theirs():
    azimuths = [90, 0, 45, 315, 270, 225, 180, 135]
    log = only([f"AMP {azimuth} deg" for azimuth in azimuths])
    assert (log.kind, log.first_azimuth, log.clockwise) == ("image", 0.0, True)
    assert [azimuths[i - 1] for i in log.columns] == sorted(azimuths)


@pytest.mark.parametrize(
    "names",
    [
        [f"{azimuth}" for azimuth in range(0, 361, 45)],
        [f"{azimuth}" for azimuth in range(-180, 181, 45)],
        [f"AMP_{azimuth}deg" for azimuth in range(360, -1, -45)],
    ],
)
def test_a_column_at_the_azimuth_of_the_first_is_left_out_and_told(names):
    plan = found(names)
    [log] = plan.logs
    assert (log.width, log.first_azimuth) == (8, float(names[0].strip("AMP_deg")) % 360)
    assert plan.ignored == [(names[-1], f"it is at the azimuth of {names[0]}")]
