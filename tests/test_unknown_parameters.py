"""Every method of every endpoint in the schema refuses query parameters that it does not know, and
bodies whose length it does not know.

Pages for people ignore them, since links carry ones such as utm_source. Probes do too: a parameter
of a load balancer must not make a healthy process look ill.
"""

import pytest
from django.test import Client

from tests.test_openapi import OPERATIONS, address, encoded
from web.problems import MEDIA_TYPE

STRICT = [one for one in OPERATIONS if "health" not in one.values[2]["tags"]]
WITH_HEAD = [
    pytest.param(path, sent, operation, id=f"{operation['operationId']} {sent}")
    for path, method, operation in (one.values for one in STRICT)
    for sent in ((method, "head") if method == "get" else (method,))
]


@pytest.mark.parametrize(("path", "method", "operation"), WITH_HEAD)
def test_an_unknown_query_parameter_is_refused_with_its_name(path, method, operation):
    problems = operation["responses"]["400"]["content"][MEDIA_TYPE]["examples"]
    assert "Invalid-parameter" in problems
    body, headers = b"", {"Content-Type": "application/json"}
    if "requestBody" in operation:
        [(media_type, media), *_] = operation["requestBody"]["content"].items()
        body, headers = encoded(media_type, media)
    client = Client(SERVER_NAME="localhost")
    kind = headers.pop("Content-Type")
    where = f"{address(path, operation)}?nonsense=1"
    answer = client.generic(method.upper(), where, body, content_type=kind, headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (400, MEDIA_TYPE)
    if method != "head":
        [fault] = answer.json()["errors"]
        assert fault["parameter"] == "nonsense"
        assert "unknown parameter; " in fault["reason"]


@pytest.mark.parametrize(
    ("path", "method", "operation"), [one for one in STRICT if "requestBody" in one.values[2]]
)
def test_a_body_of_unknown_length_is_refused_and_not_taken_for_an_empty_one(
    path, method, operation
):
    client = Client(SERVER_NAME="localhost", headers={"Transfer-Encoding": "chunked"})
    kind = next(iter(operation["requestBody"]["content"]))
    where = address(path, operation).partition("?")[0]
    answer = client.generic(method.upper(), where, b"", content_type=kind)
    assert (answer.status_code, answer["Content-Type"]) == (411, MEDIA_TYPE)
    problems = operation["responses"]["411"]["content"][MEDIA_TYPE]["examples"]
    assert "Length-required" in problems


def test_a_method_that_is_not_allowed_is_405_whatever_the_query():
    client = Client(SERVER_NAME="localhost")
    assert client.post("/colormaps/?nonsense=1").status_code == 405
    assert client.options("/colormaps/?nonsense=1").status_code == 200


@pytest.mark.parametrize("path", ["/", "/docs/", "/healthz"])
def test_pages_and_probes_ignore_parameters_that_others_add(path):
    assert Client(SERVER_NAME="localhost").get(f"{path}?utm_source=mail").status_code == 200
