import numpy as np
import pytest

from images.ingest.layout.plan import Options
from images.ingest.text import delimited
from images.ingest.text.dialect import Dialect, is_numeric
from tests.images.ingest.files import opened, table
from tests.images.ingest.text.texts import NAMES, ROWS, assert_read, refusal, text


def test_semicolons_with_a_decimal_comma():
    data = text(";", form=lambda value: str(value).replace(".", ","))
    assert "1,5;2,5" in data
    assert_read(table(data))


@pytest.mark.parametrize(
    ("separator", "numbers", "grouping"),
    [
        (";", ["1 000,5", "1 234,5"], " "),
        (";", ["1\u00a0000,5", "1\u00a0234,5"], "\u00a0"),
        (";", ["1.000,5", "1.234,5"], "."),
        (",", ['"1,000.5"', '"1,234.5"'], ","),
        (",", ["1'000.5", "1'234.5"], "'"),
    ],
)
def test_digits_in_groups_of_three_are_numbers_which_is_told(separator, numbers, grouping):
    data = text(separator, names=["depth", "GR"], rows=[numbers])
    _, depths, values = table(data)
    assert (depths.tolist(), values.tolist()) == ([1000.5], [[1234.5]])
    with opened(data.encode()) as file:
        [(code, detail)] = delimited.read(file, Options()).warnings
    assert (code, repr(grouping) in detail) == ("digits-grouped", True)


def test_one_comma_among_points_is_a_fault_and_no_group_of_digits():
    rows = [[1, "2,345", 3], [2, "2.345", 4], [3, "2.345", 4]]
    assert "'2,345': not a number" in refusal(text("\t", names=["depth", "A", "B"], rows=rows))


def test_quoted_numbers_with_a_decimal_comma_between_commas():
    assert_read(table(text(form=lambda v: f'"{str(v).replace(".", ",")}"')))


def test_decimal_commas_may_come_after_the_rows_that_are_looked_at_first():
    rows = [*([i, 1] for i in range(400)), [400, "1,5"]]
    _, _, values = table(text(";", names=["depth", "A"], rows=rows))
    assert values[-1].tolist() == [1.5]


def test_decimal_commas_are_faults_after_points_whatever_the_slabs(monkeypatch):
    monkeypatch.setattr("images.ingest.text.lines.SLAB_BYTES", 500)
    monkeypatch.setattr("images.ingest.text.delimited.SAMPLE_ROWS", 5)
    rows = [*([i, 1] for i in range(600)), [600, "1.5"], *([i, "2,5"] for i in range(601, 900))]
    found = refusal(text(";", names=["depth", "A"], rows=rows))
    assert found.startswith("line 603, column A: '2,5': not a number")


def test_a_quoted_text_with_the_separator_in_it_is_one_field():
    rows = [[100, '"sand, fine"', 1], [100.5, '"clay, wet"', 2]]
    _, depths, values = table(text(names=["depth", "lithology", "GR"], rows=rows))
    assert (depths.tolist(), values.tolist()) == ([100, 100.5], [[1], [2]])


@pytest.mark.parametrize("form", [lambda v: f'"{v}"', lambda v: f"  {v}", lambda v: f"{v}   "])
def test_numbers_may_be_quoted_or_padded(form):
    assert_read(table(text(form=form)))


def test_quoted_names_and_numbers():
    names = [f'"{name}"' for name in NAMES]
    assert_read(table(text(names=names, form=lambda v: f'"{v}"')))


def test_empty_fields_and_words_for_nulls_are_nulls():
    rows = [[1, "", "NaN", 3], [2, "NULL", "N/A", "-"], [3, "1.#QNAN", "None", 1]]
    _, _, values = table(text(rows=rows))
    assert np.isnan(values).tolist() == [[True, True, False], [True] * 3, [True, True, False]]


@pytest.mark.parametrize(
    "word",
    [
        *("NaN", "nan", "NA", "null", "nUlL", "(null)", "#N/A", "#DIV/0!", "ERR", "-1.#IND00"),
        *("*****", ".", "?", "--", "NODATA", "absent"),
        *("-nan(ind)", "<NA>", "NaT", "#NV", "#WERT!"),
    ],
)
@pytest.mark.parametrize("separator", [",", ", ", ";", "\t", "  "])
def test_a_word_for_a_null_is_one_between_any_separators(word, separator):
    data = text(separator, rows=[*ROWS, [101, word, 2, 3]])
    _, _, values = table(data)
    assert np.isnan(values).tolist() == [[False] * 3, [False] * 3, [True, False, False]]


@pytest.mark.parametrize("word", ["inf", "-Infinity", "1.#INF", "0x1F", "5%", "1_0", "True"])
def test_other_words_are_faults_with_their_place(word):
    detail = refusal(text(rows=[*ROWS, [101, word, 2, 3]]))
    assert detail.startswith(f"line 4, column A[0]: {word!r}: ")


def test_numbers_that_numpy_wrote_with_their_type_are_read():
    assert_read(table(text(form=lambda v: f"np.float64({v})" if v < 100 else str(v))))


@pytest.mark.parametrize("separator", [",", ";", " "])
def test_exponents_of_fortran_are_read(separator):
    rows = [[100, "1.5D+03", "-.25d-01", "1.D2"], [100.5, "0.0D0", "2.5", "**"]]
    _, _, values = table(text(separator, rows=rows))
    np.testing.assert_array_equal(values, np.float32([[1500, -0.025, 100], [0, 2.5, np.nan]]))


def test_a_number_with_a_letter_d_and_no_point_is_a_fault():
    assert "'15D3': not a number" in refusal("depth,a,b\n1,2.5,3\n2,3.5,4\n3,15D3,5\n")


def test_single_quotes_around_fields_are_left_out():
    quoted = [[f"'{name}'" for name in NAMES], *([f"'{v}'" for v in row] for row in ROWS)]
    assert_read(table("".join(",".join(line) + "\n" for line in quoted)))


def test_the_minus_of_typographers_is_one_as_spreadsheets_write_it_in_swedish():
    found = table(
        text(rows=[["\u22125,5", "\u22121", 2, "3,5"], ["\u22125", 1, 2, 3]], separator=";")
    )
    assert (found[1].tolist(), found[2][0].tolist()) == ([-5.5, -5.0], [-1, 2, 3.5])


@pytest.mark.parametrize(
    ("texts", "numeric"),
    [
        (["1", "2", "x"], True),
        (["1", "x"], False),
        (["1", "x", "", "NaN"], False),
        (["", "NaN"], True),
    ],
)
def test_a_column_holds_numbers_if_more_than_half_of_its_values_are_numbers(texts, numeric):
    assert is_numeric(Dialect(("A",), ","), texts) is numeric
