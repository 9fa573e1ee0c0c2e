import pytest
from rest_framework.exceptions import ValidationError

from web.fields import LinesField, NumberField, TextField
from web.text import checked_text, counted, listed

# Carriage return, line feed, null, right-to-left override, zero-width space, line separator.
INVISIBLE = ["\r", "\n", "\0", "\u202e", "\u200b", "\u2028", "\ufeff", "\ud800"]


@pytest.mark.parametrize("character", INVISIBLE)
def test_control_and_format_characters_are_refused_with_their_place(character):
    with pytest.raises(ValueError, match=f"character 2, U\\+{ord(character):04X}"):
        checked_text(f"a{character}b", 10)


def test_the_character_for_bytes_that_are_not_utf_8_is_refused():
    with pytest.raises(ValueError, match=r"character 1, U\+FFFD, .* send UTF-8"):
        checked_text(b"\xc5-1".decode(errors="replace"), 10)


@pytest.mark.parametrize(
    "text", ["15/9-F-4", "Æ-1 north", "Nullbohrung Süd", "塔里木", "5.00\u202fPM"]
)
def test_names_of_all_languages_are_taken_as_they_are(text):
    assert checked_text(f" {text} ", 20) == text


@pytest.mark.parametrize("text", ["", "   ", "a" * 11])
def test_the_length_has_limits(text):
    with pytest.raises(ValueError, match="1 to 10 characters are needed"):
        checked_text(text, 10)


@pytest.mark.parametrize("character", ["\r", "\n", "\u202e"])
def test_a_text_field_refuses_control_characters(character):
    field = TextField(max_length=10, allow_blank=True)
    assert field.run_validation(" core 1 ") == "core 1"
    with pytest.raises(ValidationError, match="control or format character"):
        field.run_validation(f"a{character}b")


def test_a_field_of_lines_takes_line_feeds_and_no_other_control_characters():
    assert LinesField().run_validation("a\nb") == "a\nb"
    with pytest.raises(ValidationError, match="control or format character"):
        LinesField().run_validation("a\rb")


@pytest.mark.parametrize(
    "value", ["1_0", "٣", "true", True, "nan", float("inf"), 10**400, [1], None]
)
def test_a_number_field_refuses_what_is_no_finite_decimal_number(value):
    with pytest.raises(ValidationError):
        NumberField().run_validation(value)


@pytest.mark.parametrize(
    ("value", "number"), [("9000.5", 9000.5), (" 1e3 ", 1000), (5, 5), (0.5, 0.5)]
)
def test_a_number_field_takes_numbers_and_their_texts(value, number):
    assert NumberField().run_validation(value) == number


def test_an_accent_that_is_sent_as_a_character_of_its_own_joins_its_letter():
    apart, joined = "Su\u0308d", "S\u00fcd"
    assert checked_text(apart, 3) == joined
    assert TextField(max_length=3).run_validation(apart) == joined


def test_a_text_that_grows_in_the_form_nfc_is_taken_up_to_its_limit():
    grows = "\u0958"
    assert len(TextField(max_length=2).run_validation(grows)) == 2
    with pytest.raises(ValidationError, match="no more than 1 character"):
        TextField(max_length=1).run_validation(grows)


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 picks are"), (1, "1 pick is"), (2, "2 picks are")]
)
def test_one_is_told_in_the_singular(count, told):
    assert counted(count, "pick is", "picks are") == told
    assert counted(count, "row") == f"{count} row{'' if count == 1 else 's'}"


def test_of_many_texts_the_first_ten_are_listed_and_the_others_counted():
    assert listed(["a", "b"]) == "a, b"
    assert listed([str(i) for i in range(12)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"
