import pytest

from web import parameters
from web.errors import InvalidParameter, RequestError


@pytest.mark.parametrize(
    ("text", "value"),
    [("9000", 9000), ("9000.5", 9000.5), ("-12.5", -12.5), ("1e3", 1000), ("+.5", 0.5), ("5.", 5)],
)
def test_a_depth_is_any_decimal_number(text, value):
    assert parameters.depth("min", text) == value


@pytest.mark.parametrize("text", ["nan", "abc"])
def test_what_is_no_finite_number_is_no_depth(text):
    with pytest.raises(InvalidParameter, match="a depth is a finite decimal number"):
        parameters.depth("min", text)


def test_a_range_may_be_a_point_but_not_reversed():
    assert parameters.depth_range("5", "5") == (5, 5)
    with pytest.raises(InvalidParameter, match="reversed: max is 4"):
        parameters.depth_range("5", "4")


def test_a_well_is_named_without_the_spaces_around_it():
    assert parameters.well("  Æ-1 north ") == "Æ-1 north"


@pytest.mark.parametrize("text", ["", "   ", "a" * 101, "a\tb", "a\x00", "a\nb", "\u202ename"])
def test_a_wells_name_is_short_and_printable(text):
    with pytest.raises(InvalidParameter, match=r"1 to 100 characters|control or format character"):
        parameters.well(text)


@pytest.mark.parametrize("text", ["1", "xyz", "g" * 24, "a" * 12, '{"$ne":1}'])
def test_what_can_be_no_id_raises_the_error_of_what_is_missing(text):
    with pytest.raises(RequestError, match="no such thing"):
        parameters.object_id(text, RequestError("no such thing"))


def test_an_unknown_parameter_is_answered_with_the_nearest_or_all():
    allowed = {"colormap", "well"}
    parameters.only({"well": "A"}, allowed)
    with pytest.raises(InvalidParameter, match="did you mean colormap"):
        parameters.only({"colourmap": "jet"}, allowed)
    with pytest.raises(InvalidParameter, match="allowed: colormap, well"):
        parameters.only({"xyz": "jet"}, allowed)
