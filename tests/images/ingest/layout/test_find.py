import pytest

from images.errors import InvalidFile
from images.ingest import names
from images.ingest.layout.find import find
from images.ingest.layout.plan import Options
from images.ingest.table import Table
from tests.images.ingest.files import table

EIGHT = range(8)


def found(columns, **options):
    """The logs in a table with a depth and these columns."""
    table = Table("", (names.column("DEPTH"), *map(names.column, columns)), lambda _: iter(()))
    return find(table, Options(**options))


def only(columns):
    [log] = found(columns).logs
    return log


@pytest.mark.parametrize(
    "pattern",
    [
        "AMP[{}]", "AMP [{}]", "AMP{}", "AMP ({})", "AMP({})", "AMP.{}", "AMP-{}", "AMP:{}",
        "AMP {}", "AMP_{}", "AMP__{}", "AMP_{:03d}", "AMP{:02d}", "{}_AMP", "AMP{}M", "AMP<{}>",
        "AMP#{}", "AMP/{}", "AMP[{}] (dB)", "AMP_{} [dB]",
    ],
)  # fmt: skip
@pytest.mark.parametrize("first", [0, 1])
def test_numbered_columns_are_one_image_of_the_wall_without_azimuths(pattern, first):
    log = only([pattern.format(i + first) for i in EIGHT])
    assert (log.name, log.kind, log.width, log.first_azimuth) == ("AMP", "image", 8, None)
    assert log.columns == tuple(range(1, 9))


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        *(("AMP_{}deg", "AMP"), ("AMP {}.0°", "AMP"), ("AMP[{}]", "AMP"), ("AMP ({}°)", "AMP")),
        *(("AMP_{:03d}", "AMP"), ("Az{}", "Az"), ("{}", "image"), ("{}.0", "image")),
        *(("{} deg", "image"), ("{}°", "image"), ("{}DEG", "image")),
    ],
)
def test_numbers_that_go_around_the_wall_are_azimuths(pattern, name):
    log = only([pattern.format(45 * i) for i in EIGHT])
    assert (log.name, log.kind, log.first_azimuth, log.clockwise) == (name, "image", 0.0, True)


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
        ([f"{2.5 * i}" for i in EIGHT], "array", "", 0.0),
    ],
)
def test_times_and_frequencies_are_an_array_with_its_axis(columns, name, unit, first):
    log = only(columns)
    assert (log.name, log.kind, log.axis_unit, log.axis[0]) == (name, "array", unit, first)
    assert log.first_azimuth is None


@pytest.mark.parametrize("name", ["T2_DIST", "T2DIST", "WAVE", "bin"])
def test_spectra_are_arrays_and_not_images_of_the_wall(name):
    assert only([f"{name}[{i}]" for i in EIGHT]).kind == "array"


@pytest.mark.parametrize(
    ("unit", "width", "kind"),
    [("PU", 8, "array"), ("v/v", 30, "array"), ("v/v", 180, "image"), ("g/cc", 8, "image")],
)
def test_arrays_in_units_of_porosity_are_images_if_they_are_wide(unit, width, kind):
    assert only([f"P{i} ({unit})" for i in range(width)]).kind == kind


@pytest.mark.parametrize(("count", "kinds"), [(6, {"curve"}), (8, {"image"})])
def test_a_few_numbered_columns_with_different_descriptions_are_curves(count, kinds):
    about = ["shallow", "medium", *["deep"] * 6]
    columns = tuple(names.column(f"GZ{i}", "", about[i]) for i in range(count))
    table = Table("", (names.column("DEPTH"), *columns), lambda _: iter(()))
    assert {log.kind for log in find(table, Options()).logs} == kinds
    alike = tuple(names.column(f"GZ{i}", "", f"sector {i}") for i in range(count))
    table = Table("", (names.column("DEPTH"), *alike), lambda _: iter(()))
    assert [log.width for log in find(table, Options()).logs] == [count]


def test_several_arrays_and_curves_in_one_table():
    columns = ["GR", *(f"{n}{i}" for i in EIGHT for n in ("AMP", "TT")), "AZ"]
    assert [(log.name, log.width) for log in found(columns).logs] == [
        ("GR", 1),
        ("AMP", 8),
        ("TT", 8),
        ("AZ", 1),
    ]


def test_curves_with_numbers_that_are_no_places_stay_curves():
    columns = [f"AT{depth}" for depth in (10, 20, 30, 60, 90, 120)]
    assert [log.kind for log in found(columns).logs] == ["curve"] * 6


def test_columns_are_ordered_by_their_numbers_and_case_does_not_matter():
    log = only(["amp[2]", "AMP[0]", "Amp[1]"])
    assert log.columns == (2, 3, 1)


def test_a_first_column_without_its_unit_belongs_to_the_array():
    log = only(["AMP[0]", *(f"AMP[{i}] (dB)" for i in range(1, 8))])
    assert (log.width, log.unit) == (8, "dB")


def test_arrays_of_one_name_and_two_units_are_refused():
    columns = [f"A[{i}] ({unit})" for unit in ("dB", "us") for i in range(3)]
    with pytest.raises(InvalidFile, match="two arrays are called A"):
        found(columns)


def test_columns_that_pandas_told_apart_are_one_array():
    assert only(["AMP", *(f"AMP.{i}" for i in range(1, 8))]).width == 8


@pytest.mark.parametrize("name", ["AMP", ""])
def test_many_columns_of_one_name_are_one_array_which_is_told(name):
    plan = found([name] * 8)
    assert plan.logs[0].width == 8
    assert plan.warnings[0][0] == "columns-unnumbered"


def test_a_few_columns_without_a_name_are_not_taken_and_told():
    plan = found(["AMP", "", ""])
    assert [log.name for log in plan.logs] == ["AMP"]
    assert plan.ignored == [("", "it has no name")] * 2


def test_one_column_with_its_number_in_brackets_is_a_curve():
    log = only(["GR[0]"])
    assert (log.name, log.kind) == ("GR", "curve")


def test_a_column_that_is_there_twice_is_refused():
    with pytest.raises(InvalidFile, match=r"two columns are called A\[0\]"):
        found(["A[0]", "A[0]", "A[1]"])


@pytest.mark.parametrize("name", ["TIME", "datetime", "ETIM (s)"])
def test_rows_that_are_told_by_time_are_refused(name):
    table = Table("", (names.column(name), names.column("GR")), lambda _: iter(()))
    with pytest.raises(InvalidFile, match="told by time"):
        find(table, Options())


@pytest.mark.parametrize(
    ("header", "rows", "taken", "curve"),
    [
        ("MD,DEPTH,GR", ["100,90,1", "101,91,2"], 100.0, "DEPTH"),
        ("GR,MD,DEPTH", ["1,100,90", "2,101,91"], 90.0, "MD"),
        ("DEPTH,DEPTH,GR", ["100,90,1", "101,91,2"], 100.0, "DEPTH"),
    ],
)
def test_of_two_columns_of_depths_the_first_of_the_table_is_the_index(header, rows, taken, curve):
    plan, depths, _ = table("\n".join([header, *rows, ""]))
    assert depths[0] == taken
    assert curve in [log.name for log in plan.logs]
    [(code, detail)] = plan.warnings
    assert code == "depth-chosen"
    assert f"{curve} is kept as a curve" in detail
    asked = "MD" if "MD" in header else "DEPTH"
    assert table("\n".join([header, *rows, ""]), depth=asked)[0].warnings == []


@pytest.mark.parametrize("names", [range(8), [f"AMP[{i}]" for i in range(8)]])
def test_the_index_of_pandas_without_a_name_is_taken_for_the_depths_and_told(names):
    rows = [",".join(map(str, [100 + row / 2, *range(8)])) for row in range(3)]
    plan, depths, _ = table("\n".join([",".join(map(str, ["", *names])), *rows]))
    assert depths.tolist() == [100.0, 100.5, 101.0]
    assert [log.width for log in plan.logs] == [8]
    assert [code for code, _ in plan.warnings] == ["depth-chosen"]


def test_an_index_of_pandas_that_counts_the_rows_is_no_depth():
    with pytest.raises(InvalidFile, match=r"there are \(no name\), 0, 1"):
        table(",0,1,2,3,4\n0,1,1,1,1,1\n1,2,2,2,2,2\n2,3,3,3,3,3\n")


def test_what_follows_the_number_of_a_column_tells_arrays_apart():
    names = [f"S{i}_{what}" for what in ("AMP", "TT") for i in range(1, 9)]
    rows = [",".join(map(str, [depth, *range(16)])) for depth in (100, 101)]
    plan, _, _ = table("\n".join([",".join(["depth", *names]), *rows]))
    assert [(log.name, log.width) for log in plan.logs] == [("S_AMP", 8), ("S_TT", 8)]
