"""What nobody means: every parameter, field and header of the schema, with what strangers send.

The list is made from the schema, so that a new endpoint is met without being named here.
"""

import json
import re
import time
from urllib.parse import parse_qsl, urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import Resolver404, resolve
from rest_framework.views import APIView

from tests.examples import add_examples
from tests.image_processor.access.access_table import addresses
from tests.test_openapi import OPERATIONS, SCHEMA, address, encoded, examples

NAUGHTY = {
    "8 000 digits": "1" * 8000,
    "8 000 digits and a letter": "1" * 8000 + "x",
    "8 000 blanks between letters": "x" + " " * 8000 + "x",
    "an underscore in a number": "1_0",
    "a digit of another script": "٣",
    "NUL": "a\0b",
    "CR and LF": "a\r\nSet-Cookie: b",
    "U+202E": "a\u202eb",
    "an operator of MongoDB": '{"$ne": null}',
    "infinity": "1e999",
    "NaN": "nan",
    "nothing": "",
}
# Each is percent-encoded in an address. Half a character cannot be written there but in bytes.
ENCODED = {what: urlencode({"": text})[1:] for what, text in NAUGHTY.items()}
ENCODED["half a character"] = "%ED%A0%80"


def nested(levels):
    """Lists within each other: few enough for a parser of JSON, too many for Python to print."""
    return [nested(levels - 1)] if levels else []


VALUES = [
    *(*NAUGHTY.values(), "\ud800", True, None, 0, -1, 10**400, 1.5, 2**63),
    # A pattern that can match in several ways takes minutes for such texts.
    *("x" + pump * 60_000 + "x" for pump in (" ", "md", "1", "(", ". ")),
    *([], [[]], nested(500), [["a", {}]], {}, {"$gt": ""}, ["\ud800"], [10**400]),
]
BODIES = [
    *(b"", b"[]", b"1", b"null", b'"a"', b"{", b"[" * 60_000, b'{"a":' * 60_000, b"\xff"),
    *(b'{"\\ud800": 1}', b'{"$where": 1}', b'{"": 1}', b"1e999", b"9" * 5000, b"NaN"),
]
NUMBERS = {"number", "integer"}
SECONDS = 1.0


@pytest.fixture
def client():
    return Client(raise_request_exception=False, SERVER_NAME="localhost")


@pytest.fixture(autouse=True)
def items(ingest):
    """Those that the examples of the schema name."""
    add_examples(ingest, rows=50)


@pytest.fixture
def send(client):
    """The status of a request, which has to be an answer of the service's own, and soon."""

    def send(case, method, path, body=b"", content_type="application/octet-stream", **headers):
        since = time.thread_time()
        answer = client.generic(
            method.upper(), path, body, content_type=content_type, headers=headers
        )
        assert time.thread_time() - since < SECONDS, case
        assert answer.status_code < 500, (case, answer.content)
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json", case
            assert len(answer.content) < 10_000, case
        assert not {name for name in answer.headers if name.lower() == "set-cookie"}, case
        return answer.status_code

    return send


def body_of(operation):
    """The example of its body, if it has one."""
    if "requestBody" not in operation:
        return {}
    [(media_type, media), *_] = operation["requestBody"]["content"].items()
    body, headers = encoded(media_type, media)
    return {"body": body, "content_type": headers["Content-Type"]}


def parameters(operation, where):
    return [one for one in operation.get("parameters", ()) if one["in"] == where]


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_a_query_path_or_header_that_nobody_means_is_no_fault_and_never_a_number(
    send, path, method, operation
):
    _try_queries(send, path, method, operation)
    _try_paths(send, path, method, operation)
    _try_headers(send, path, method, operation)


def _try_queries(send, path, method, operation):
    body, taken = body_of(operation), []
    for parameter in parameters(operation, "query"):
        name, needs_number = parameter["name"], parameter["schema"].get("type") in NUMBERS
        for what, text in ENCODED.items():
            case = (name, what)
            status = send(case, method, f"{address(path, operation)}?{name}={text}", **body)
            if needs_number and status < 400:
                taken.append(case)
        send((name, "twice"), method, f"{address(path, operation)}?{name}=1&{name}=2", **body)
        send((name, "in a list"), method, f"{address(path, operation)}?{name}[]=1", **body)
    assert taken == []


def _try_paths(send, path, method, operation):
    body = body_of(operation)
    for parameter in parameters(operation, "path"):
        for what, text in ENCODED.items() if f"{{{parameter['name']}}}" in path else ():
            others = [one for one in parameters(operation, "path") if one is not parameter]
            filled = address(path, {**operation, "parameters": others})
            filled = filled.replace(f"{{{parameter['name']}}}", text)
            status = send((parameter["name"], what), method, filled, **body)
            # The empty path of a Zarr group is the group.
            is_taken = what == "infinity" or (parameter["name"], what) == ("path", "nothing")
            assert status >= 400 or is_taken, (parameter["name"], what)


def _try_headers(send, path, method, operation):
    names = {"Accept", "Accept-Encoding", "Content-Type", "Authorization", "X-Forwarded-For"}
    names |= {one["name"] for one in parameters(operation, "header")}
    for name in sorted(names):
        for what, text in NAUGHTY.items():
            if not text.isprintable():  # gunicorn lets no such through
                continue
            sent, text = body_of(operation), text.encode().decode("latin-1")
            sent[name if name != "Content-Type" else "content_type"] = text
            send((name, what), method, address(path, operation), **sent)


def taking(media_type):
    """The operations that take such a body."""
    bodies = [one.values[2].get("requestBody", {"content": {}})["content"] for one in OPERATIONS]
    return [one for one, body in zip(OPERATIONS, bodies, strict=True) if media_type in body]


@pytest.mark.parametrize(("path", "method", "operation"), taking("application/json"))
def test_json_that_nobody_means_is_no_fault(send, path, method, operation):
    media, where = operation["requestBody"]["content"]["application/json"], address(path, operation)
    for body in BODIES:
        send(body[:60], method, where, body, "application/json")
    example = next(iter(media["examples"].values()))["value"]
    for name in {**example, **_properties(media["schema"])}:
        for value in VALUES:
            body = json.dumps({**example, name: value}).encode()
            send((name, value), method, where, body, "application/json")
        for text in ("a\u202eb", "a\0b", "a\rb", "a\u2028b"):
            body = json.dumps({**example, name: text}).encode()
            assert send((name, text), method, where, body, "application/json") >= 400, (name, text)


def _properties(schema):
    if "$ref" in schema:
        schema = SCHEMA["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema.get("properties", {})


@pytest.mark.parametrize(("path", "method", "operation"), taking("multipart/form-data"))
def test_a_form_that_nobody_means_is_no_fault(send, path, method, operation):
    media = operation["requestBody"]["content"]["multipart/form-data"]
    properties, where = media["schema"]["properties"], address(path, operation)
    example = next(iter(media["examples"].values()))["value"]
    for changed in example:
        for what, text in {**NAUGHTY, "half a character": "\udcff"}.items():
            fields = {
                name: SimpleUploadedFile("a.csv", value.encode())
                if properties[name].get("format") == "binary"
                else value
                for name, value in example.items()
            }
            if isinstance(fields[changed], SimpleUploadedFile):
                fields[changed] = SimpleUploadedFile("a.csv", text.encode(errors="surrogateescape"))
                body = encode_multipart(BOUNDARY, fields)
            else:
                marked = encode_multipart(BOUNDARY, {**fields, changed: "<here>"})
                body = marked.replace(b"<here>", text.encode(errors="surrogateescape"))
            send((changed, what), method, where, body, MULTIPART_CONTENT)


GETS = [one for one in OPERATIONS if one.values[1] == "get"]
ENDS = (("min", "max"), ("vmin", "vmax"), ("top", "base"))
HUGE = (("-1.7e308", "1.7e308"), ("1e307", "1.7e308"), ("1e200", "1e300"), ("1e-320", "1e-300"))


@pytest.mark.parametrize(("path", "method", "operation"), GETS)
def test_no_ends_of_a_range_are_too_far_apart_or_too_near_to_be_answered(
    send, path, method, operation
):
    names = {one["name"] for one in parameters(operation, "query")}
    query = next((query for _, query in examples(operation, "query")), "")
    for low, high in ENDS:
        for least, most in HUGE if {low, high} <= names else ():
            asked = {**dict(parse_qsl(query.lstrip("?"))), low: least, high: most}
            send(asked, method, f"{address(path, operation)}?{urlencode(asked)}")


@pytest.mark.parametrize(("path", "method", "operation"), GETS)
def test_head_is_answered_as_get_is(client, path, method, operation):
    queries = [p["x-example-query"] for p in parameters(operation, "query") if p.get("required")]
    where = address(path, operation) + (f"?{queries[0].partition('?')[2]}" if queries else "")
    get, head = client.get(where), client.head(where)
    assert (head.status_code, head["Content-Type"]) == (get.status_code, get["Content-Type"])
    assert head.headers.get("ETag") == get.headers.get("ETag")


def test_every_address_takes_head_where_it_takes_get(client):
    """Those of pages, too, which the schema does not tell."""
    differing = [
        (where, get, head)
        for where in addresses()
        if (get := client.get(where).status_code) != (head := client.head(where).status_code)
    ]
    assert differing == []


def test_every_endpoint_of_the_api_is_in_the_schema_and_so_is_met_here():
    known = {re.sub(r"\{\w+\}", "1", path).rstrip("/") for path in SCHEMA["paths"]}
    api = [where for where in addresses() if _is_of_the_api(where)]
    assert len(api) > 15
    assert {where.rstrip("/") for where in api} - known <= {
        "/docs",
        "/schema",
        "/logs/1.zarr/1",
    }


def _is_of_the_api(where):
    try:
        view = resolve(where).func
    except Resolver404:
        return False
    return issubclass(getattr(view, "cls", getattr(view, "view_class", object)), APIView)
