import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.errors import InvalidFile
from images.ingest.layout.plan import Options
from images.ingest.text import delimited
from tests.images.ingest.files import assert_one_sentence, opened, table
from tests.images.ingest.text.texts import NAMES, ROWS, refusal, text


def test_azimuths_in_latin_1_as_headers():
    names = ["depth", *(f"{azimuth}°" for azimuth in range(0, 360, 45))]
    rows = [[i / 2, *range(8)] for i in range(3)]
    plan, _, values = table(text(names=names, rows=rows).encode("latin-1"))
    [log] = plan.logs
    assert (log.kind, log.width, log.first_azimuth, log.clockwise) == ("image", 8, 0.0, True)
    assert values[0].tolist() == list(range(8))


def test_times_as_headers_make_an_array_with_an_axis_and_no_azimuths():
    names = ["Depth", *(f"{4 * i:.2f} us" for i in range(8))]
    lines = text(names=names, rows=[[i / 2, *range(8)] for i in range(3)]).splitlines()
    plan, *_ = table("\n".join([lines[0], "m" + "," * 8, *lines[1:]]))
    [log] = plan.logs
    assert (log.kind, log.width, log.first_azimuth) == ("array", 8, None)
    assert (log.axis, log.axis_unit) == (tuple(4.0 * i for i in range(8)), "us")
    assert plan.depth_unit == "m"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (text(names=["x", *NAMES[1:]]), "no column is called depth; there are x, A[0], A[1], A[2]"),
        (text(names=["depth", "A[0]", "A[0]", "A[1]"]), "two columns are called A[0]"),
        ("# nothing\n# at all\n", "the file has no row of values, only comments"),
        ("depth,A\n", "there is no row of values below the header"),
        ("some words\nand more words\n", "no row of numbers was found"),
        (text(rows=[["10:00", 1, 2, 3]]), "not numbers: it holds times, such as '10:00'"),
        ("depth," + ",".join(f"A[{i}]" for i in range(5000)) + "\n" + "1," * 5000 + "1\n",
         "A has 5000 columns; an array has at most 4096"),
        (b"depth,A\n1," + b"7" * 1_100_000 + b"\n", "line 2 is longer than 1048576 bytes"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_text_is_said_in_one_sentence(data, reason):
    assert reason in refusal(data)


numbers = st.floats(-1e6, 1e6).map(lambda value: f"{value:.6g}")


fields = st.one_of(
    numbers, st.sampled_from(["", "NaN", " 7 ", '"8"', "x", "1;2", "-999.25", "1,5"])
)


@given(
    st.lists(st.lists(fields, min_size=1, max_size=6), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", " "]),
    st.lists(st.sampled_from(["depth", "A", "A[0]", "A[1]", "m", "", "10", "20°"]), max_size=6),
)
def test_any_text_is_read_or_refused_with_a_sentence(rows, separator, header):
    try:
        table("\n".join(separator.join(row) for row in [header, *rows]))
    except InvalidFile as error:
        assert_one_sentence(error)


@given(st.data())
def test_a_text_with_changed_bytes_is_read_or_refused_with_a_sentence(data):
    changed = bytearray(text(rows=ROWS * 4).encode())
    for _ in range(data.draw(st.integers(1, 6))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    try:
        table(bytes(changed))
    except InvalidFile as error:
        assert_one_sentence(error)


@pytest.mark.parametrize(
    ("first", "told"),
    [("1,500", True), ("15", True), ("0,500", False), ("1,5", False), ("1500", False)],
)
def test_a_comma_before_three_digits_may_part_groups_and_that_is_told(first, told):
    rows = [[first, 2, 3, 4], ["1,501", 3, 4, 5], ["1,502", 3, 4, 5]]
    with opened(text(";", rows=rows).encode()) as file:
        codes = [code for code, _ in delimited.read(file, Options()).warnings]
    assert codes == ["commas-decimal"] * told


def test_values_that_touch_in_every_row_are_of_columns_of_their_own():
    rows = "".join(f"{100 + i}.0  -1.5-20.0\n" for i in range(5))
    plan, _, values = table("DEPTH A B\n" + rows)
    assert [log.name for log in plan.logs] == ["A", "B"]
    assert values[0].tolist() == [-1.5, -20.0]
