import io

import pytest
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.test import APIRequestFactory

from web.parsers import MAX_BODY_BYTES, MAX_JSON_LEVELS, FormParser, JSONParser, TextParser


def parse(parser, body):
    context = {"request": APIRequestFactory().generic("PATCH", "/", body)}
    return parser().parse(io.BytesIO(body), None, context)


@pytest.mark.parametrize("body", [b"[" * 60_000, b'{"a":' * 60_000, b"{", b"NaN", b'"\xff"', b""])
def test_json_that_is_none_or_nested_too_deep_is_malformed(body):
    with pytest.raises(ParseError, match="the body is not valid JSON"):
        parse(JSONParser, body)


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_json_with_more_levels_than_python_can_print_is_refused(opening, closing):
    def nested(levels):
        return opening * levels + b"1" + closing * levels

    assert parse(JSONParser, nested(MAX_JSON_LEVELS)) is not None
    for levels in (MAX_JSON_LEVELS + 1, 1_000):
        with pytest.raises(ParseError, match=f"more than {MAX_JSON_LEVELS} lists and objects"):
            parse(JSONParser, nested(levels))


def test_json_and_forms_are_read():
    assert parse(JSONParser, b'{"a": [1, 2.5, null]}') == {"a": [1, 2.5, None]}
    assert parse(FormParser, b"a=1&b=%C3%A6").dict() == {"a": "1", "b": "æ"}
    assert parse(TextParser, b"a,b\n\xff\n") == b"a,b\n\xff\n"


@pytest.mark.parametrize("parser", [JSONParser, FormParser, TextParser])
def test_a_body_of_more_than_a_mebibyte_is_refused(parser):
    with pytest.raises(RequestDataTooBig, match="limit of 1048576 bytes"):
        parse(parser, b" " * (MAX_BODY_BYTES + 1))
