import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web import numbers


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_read_back_as_it_was_written(value):
    assert numbers.decimal(repr(value)) == value


def test_a_number_has_at_most_400_characters():
    assert numbers.decimal("0" * 399 + "1") == 1
    with pytest.raises(ValueError, match="not a decimal number"):
        numbers.decimal("0" * 400 + "1")


@given(st.text(alphabet="+-.0123456789eE_ ٣naif", max_size=12))
def test_what_is_read_is_ascii_and_the_number_that_python_reads(text):
    try:
        value = numbers.decimal(text)
    except ValueError:
        return
    assert text.isascii()
    assert "_" not in text
    assert math.isfinite(value)
    assert value == float(text)


@pytest.mark.parametrize(
    "text",
    ["", " 1", "1 ", "1_0", "٣", "nan", "-inf", "1e999", "0x1", "true", "1,5", ".", "1e", "１"],
)
def test_other_texts_are_no_decimal_numbers(text):
    with pytest.raises(ValueError, match=r"not a decimal number|too large"):
        numbers.decimal(text)


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.0", "1_0", "٣", "true", " 1", "1" * 16])
def test_other_texts_are_no_whole_numbers(text):
    with pytest.raises(ValueError, match="not a whole number"):
        numbers.whole(text)
    assert numbers.whole("007") == 7


@pytest.mark.parametrize("start", ["1" * 1_000_000, "." * 1_000_000, "1." + "1" * 1_000_000])
def test_a_million_digits_are_refused_in_linear_time(start):
    before = time.process_time()
    with pytest.raises(ValueError, match="not a decimal number"):
        numbers.decimal(start + "x")
    assert not numbers.DECIMAL.fullmatch(start + "x")
    assert time.process_time() - before < 5  # quadratic time would be hours
