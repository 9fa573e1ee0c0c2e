import pytest

from images.errors import InvalidFile
from images.ingest.layout.find import find
from images.ingest.layout.plan import Options
from images.ingest.names.columns import column_of
from images.ingest.table import Table
from tests.images.ingest.files import table
from tests.images.ingest.layout.columns import EIGHT, found, only


@pytest.mark.parametrize(
    "pattern",
    [
        "AMP[{}]", "AMP [{}]", "AMP{}", "AMP ({})", "AMP({})", "AMP.{}", "AMP-{}", "AMP:{}",
        "AMP {}", "AMP_{}", "AMP__{}", "AMP_{:03d}", "AMP{:02d}", "{}_AMP", "AMP{}M", "AMP<{}>",
        "AMP#{}", "AMP/{}", "{}AMP", "AMP {}/16", "AMP {} of 16", "('AMP', {})",
        "AMP[{}] (dB)", "AMP_{} [dB]",
    ],
)  # fmt: skip
@pytest.mark.parametrize("first", [0, 1])
def test_numbered_columns_are_one_image_of_the_wall_without_azimuths(pattern, first):
    log = only([pattern.format(i + first) for i in EIGHT])
    assert (log.name, log.kind, log.width, log.first_azimuth) == ("AMP", "image", 8, None)
    assert log.columns == tuple(range(1, 9))


def test_columns_that_are_asked_for_under_one_name_are_one_image_in_the_order_given():
    text = "DEPTH,A,B\n1,2,3\n2,3,4\n"
    plan, _, values = table(text, columns=("B", "A"), name="X")
    assert [(log.name, log.kind, log.width) for log in plan.logs] == [("X", "image", 2)]
    assert values.tolist() == [[3, 2], [4, 3]]
    with pytest.raises(InvalidFile, match="names a column twice"):
        table(text, columns=("B", "B"), name="X")


@pytest.mark.parametrize(("count", "kinds"), [(6, {"curve"}), (8, {"image"})])
def test_a_few_numbered_columns_with_different_descriptions_are_curves(count, kinds):
    about = ["shallow", "medium", *["deep"] * 6]
    columns = tuple(column_of(f"GZ{i}", "", about[i]) for i in range(count))
    table = Table("", (column_of("DEPTH"), *columns), lambda _: iter(()))
    assert {log.kind for log in find(table, Options()).logs} == kinds
    alike = tuple(column_of(f"GZ{i}", "", f"sector {i}") for i in range(count))
    table = Table("", (column_of("DEPTH"), *alike), lambda _: iter(()))
    assert [log.width for log in find(table, Options()).logs] == [count]


def test_buttons_that_are_numbered_by_pad_are_one_array_a_pad():
    logs = found([f"BUT{pad}{button:02d}" for pad in (1, 2) for button in range(1, 17)]).logs
    assert [(log.name, log.width, log.columns[0]) for log in logs] == [
        ("BUT1", 16, 1),
        ("BUT2", 16, 17),
    ]


def test_of_two_numbers_in_brackets_the_last_one_is_the_place():
    logs = found([f"FMI[{pad}][{button}]" for pad in range(4) for button in EIGHT]).logs
    assert [(log.name, log.width) for log in logs] == [(f"FMI[{pad}]", 8) for pad in range(4)]


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


def test_what_follows_the_number_of_a_column_tells_arrays_apart():
    names = [f"S{i}_{what}" for what in ("AMP", "TT") for i in range(1, 9)]
    rows = [",".join(map(str, [depth, *range(16)])) for depth in (100, 101)]
    plan, _, _ = table("\n".join([",".join(["depth", *names]), *rows]))
    assert [(log.name, log.width) for log in plan.logs] == [("S_AMP", 8), ("S_TT", 8)]


def test_columns_that_polars_told_apart_are_one_array():
    log = only(["AMP", *(f"AMP_duplicated_{i}" for i in range(7))])
    assert (log.name, log.columns) == ("AMP", tuple(range(1, 9)))


@pytest.mark.parametrize(
    "pattern", ["CAL{}", "C{} (in)", "CALI_{}", "Caliper {} (mm)", "RAD{} [mm]"]
)
def test_the_arms_of_a_caliper_are_curves_and_its_many_fingers_an_image(pattern):
    arms = found([pattern.format(i) for i in range(1, 7)]).logs
    assert [(log.kind, log.width) for log in arms] == [("curve", 1)] * 6
    assert only([pattern.format(i) for i in range(1, 25)]).width == 24


def test_the_arms_of_a_caliper_are_told_by_their_description_as_well():
    columns = tuple(column_of(f"C{i}", "", f"Caliper arm {i}") for i in range(1, 7))
    table = Table("", (column_of("DEPTH"), *columns), lambda _: iter(()))
    assert {log.kind for log in find(table, Options()).logs} == {"curve"}


def test_a_column_that_ends_with_letters_of_caliper_is_none():
    assert only([f"LOCAL{i}" for i in EIGHT]).width == 8


def test_many_numbered_columns_that_make_no_array_are_told():
    plan = found([f"AMP_{5 * i}" for i in range(72) if i != 7])
    assert {log.kind for log in plan.logs} == {"curve"}
    [(code, detail)] = plan.warnings
    assert code == "array-suspected"
    assert detail.startswith("71 columns called AMP with numbers that do not count up were taken")
