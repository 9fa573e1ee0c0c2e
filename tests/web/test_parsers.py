import io
import tracemalloc

import pytest
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.test import APIRequestFactory

from web.parsers import (
    MAX_DOCUMENT_BYTES,
    MAX_JSON_LEVELS,
    MAX_TEXT_BYTES,
    FormParser,
    JSONParser,
    JSONTextParser,
    TextParser,
)


def parse(parser, body):
    context = {"request": APIRequestFactory().generic("PATCH", "/", body)}
    return parser().parse(io.BytesIO(body), None, context)


@pytest.mark.parametrize("body", [b"[" * 60_000, b'{"a":' * 20_000, b"{", b"NaN", b'"\xff"', b""])
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


@pytest.mark.parametrize(
    "body", [b'{"b":1,"a":2,"a":1}', b'[{"b":{"a":1,"\\u0061":2}}]', b'{"a":{},"a":[]}']
)
def test_json_with_a_member_that_is_given_more_than_once_is_refused(body):
    with pytest.raises(ParseError, match="the member 'a' is given more than once"):
        parse(JSONParser, body)


def test_json_and_forms_are_read():
    assert parse(JSONParser, b'{"a": [1, 2.5, null]}') == {"a": [1, 2.5, None]}
    assert parse(JSONParser, b'[{"a": 1}, {"a": %d}]' % 10**300) == [{"a": 1}, {"a": 1e300}]
    assert parse(FormParser, b"a=1&b=%C3%A6").dict() == {"a": "1", "b": "æ"}
    assert parse(TextParser, b"a,b\n\xff\n") == b"a,b\n\xff\n"


@pytest.mark.parametrize(
    ("parser", "most"),
    [
        *((parser, MAX_DOCUMENT_BYTES) for parser in (JSONParser, FormParser)),
        *((parser, MAX_TEXT_BYTES) for parser in (JSONTextParser, TextParser)),
    ],
)
def test_a_body_of_more_bytes_than_its_parser_takes_is_refused(parser, most):
    with pytest.raises(RequestDataTooBig, match=f"limit of {most} bytes"):
        parse(parser, b" " * (most + 1))


@pytest.mark.parametrize("value", [b"{}", b"[]", b'{"a":1}', b"1", b'"\xc3\xa6"'])
def test_json_of_the_largest_size_takes_a_few_megabytes_when_it_is_parsed(value):
    body = b"[" + b",".join([value] * (MAX_DOCUMENT_BYTES // (len(value) + 1) - 1)) + b"]"
    tracemalloc.start()
    try:
        parse(JSONParser, body)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 48 * MAX_DOCUMENT_BYTES
