"""The schema at ``/schema/`` and the pages at ``/docs/`` say what the service does."""

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test.client import encode_multipart
from drf_spectacular.generators import SchemaGenerator

from images.ingest.sample import sample_csv
from images.render.representations import REPRESENTATIONS
from images.render.window_parameters import SELECTION
from tests.examples import add_examples
from tests.problems import assert_problem
from tests.server import BOUNDARY, form
from web.problems import BY_NAME

SCHEMA = SchemaGenerator().get_schema(public=True)
OPERATIONS = [
    pytest.param(path, method, operation, id=operation["operationId"])
    for path, methods in SCHEMA["paths"].items()
    for method, operation in methods.items()
]
BODIES = [
    pytest.param(path, method, operation, media_type, id=f"{operation['operationId']} {media_type}")
    for path, method, operation in (operation.values for operation in OPERATIONS)
    for media_type in operation.get("requestBody", {"content": ()})["content"]
]
WITHOUT_BODY = [operation for operation in OPERATIONS if "requestBody" not in operation.values[2]]


def addresses(operation: dict[str, Any], status: int) -> list[tuple[str, str]]:
    """The media type and the address of each example that stands elsewhere."""
    content = operation["responses"].get(str(status), {}).get("content", {})
    return [
        (media_type, example["externalValue"])
        for media_type, media in content.items()
        for example in media["examples"].values()
        if "externalValue" in example
    ]


def problems(operation: dict[str, Any]) -> list[tuple[int, str, dict[str, Any]]]:
    """The status, the summary and the value of each example of a problem."""
    return [
        (int(status), example["summary"], example["value"])
        for status, described in operation["responses"].items()
        for example in described.get("content", {})
        .get("application/problem+json", {})
        .get("examples", {})
        .values()
    ]


WITH_ADDRESSES = [
    pytest.param(operation, status, id=f"{operation['operationId']} {status}")
    for _, _, operation in (operation.values for operation in OPERATIONS)
    for status in (200, 206)
    if addresses(operation, status)
]
WITH_PROBLEMS = [
    pytest.param(operation, id=operation["operationId"])
    for _, method, operation in (operation.values for operation in OPERATIONS)
    if method == "get" and problems(operation)
]
# Answers that are not of the endpoints: for addresses, methods and hosts that are none.
ELSEWHERE = {"not-found", "method-not-allowed", "internal-error"}


def examples(operation: dict[str, Any], where: str) -> Any:
    """The name and the example of each parameter in a place."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == where == "path":
            yield parameter["name"], parameter["examples"]["Example"]["value"]
        elif parameter["in"] == where:
            yield parameter["name"], parameter[f"x-example-{where}"]


def address(path: str, operation: dict[str, Any]) -> str:
    """The address of the examples of the parameters in the path."""
    for name, value in examples(operation, "path"):
        path = path.replace(f"{{{name}}}", str(value))
    return path


def encoded(media_type: str, media: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    """The example of a body as it is sent, and its headers."""
    [example] = media["examples"].values()
    value, headers = example["value"], {"Content-Type": media_type}
    if media_type == "application/json":
        return json.dumps(value).encode(), headers
    if media_type in {"text/csv", "application/octet-stream"}:
        return value.encode(), headers
    if media_type == "application/x-www-form-urlencoded":
        return urlencode(value).encode(), headers
    formats = {name: of.get("format") for name, of in media["schema"]["properties"].items()}
    fields = {
        name: SimpleUploadedFile("file", field.encode()) if formats[name] == "binary" else field
        for name, field in value.items()
    }
    headers["Content-Type"] += f"; boundary={BOUNDARY}"
    return encode_multipart(BOUNDARY, fields), headers


def answered(operation: dict[str, Any], answer: Any) -> None:
    """Check that status, media type and headers are documented."""
    described = operation["responses"][str(answer.status)]
    assert answer.status < 400, answer.body
    content_type = answer.headers["Content-Type"]
    assert ("content" in described) == (content_type is not None)
    if content_type:
        assert content_type.partition(";")[0] in described["content"]
    for name, header in described.get("headers", {}).items():
        assert name in answer.headers or not header.get("required"), name
    ours = {name for name in answer.headers if name.startswith("Image-")}
    assert ours <= set(described.get("headers", {}))


@pytest.fixture
def stored(ingest):
    """What the examples name, with the first rows of the sample image log."""
    add_examples(ingest, rows=200)


def test_the_schema_is_valid_and_made_without_a_warning(capsys):
    call_command("spectacular", "--validate", "--fail-on-warn")
    assert capsys.readouterr().err == ""


def test_the_served_schema_is_this_one(server):
    answer = server.get("/schema/", Accept="application/json")
    assert answer.status == 200
    assert json.loads(answer.body) == json.loads(json.dumps(SCHEMA))
    assert server.get("/schema").headers["Content-Type"].startswith("application/vnd.oai.openapi")


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_everything_is_described_and_has_an_example(path, method, operation):
    assert operation["summary"]
    for parameter in operation.get("parameters", ()):
        assert parameter["description"]
        example = parameter.get("examples") or parameter[f"x-example-{parameter['in']}"]
        assert example, parameter["name"]
    bodies = [*operation["responses"].values(), operation.get("requestBody", {})]
    for body in bodies:
        assert body.get("description") or body is bodies[-1]
        for media in body.get("content", {}).values():
            assert media["examples"], body


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_the_parameters_in_a_path_are_those_that_its_operation_describes(path, method, operation):
    """Generators of clients leave out an operation where they are not."""
    described = [p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"]
    assert sorted(re.findall(r"\{(\w+)\}", path)) == sorted(described)


def test_every_parameter_of_a_window_is_described():
    described = SCHEMA["paths"]["/get-images/{top}/{base}/"]["get"]["parameters"]
    taken = {p.name for form in REPRESENTATIONS.values() for p in (*SELECTION, *form.takes)}
    assert {p["name"] for p in described if p["in"] == "query"} == {"format", *taken}


def test_each_format_of_a_window_is_described():
    operation = SCHEMA["paths"]["/get-images/{top}/{base}/"]["get"]
    told = operation["responses"]["200"]["description"].splitlines()
    forms = REPRESENTATIONS.values()
    assert told == [f"* `{form.media_type}`: {form.note}" for form in forms]


def test_everything_that_is_told_of_a_log_is_described():
    told = SCHEMA["components"]["schemas"]["DescribedLog"]["properties"]
    assert [name for name, of in told.items() if not of.get("description")] == []


@pytest.mark.parametrize(("path", "method", "operation"), WITHOUT_BODY)
def test_every_example_of_a_parameter_works(server, stored, path, method, operation):
    path = address(path, operation)
    queries = [p for p in operation.get("parameters", ()) if p["in"] == "query"]
    needed = [p["x-example-query"] for p in queries if p.get("required")]
    whole = urljoin(path, needed[0]) if needed else path
    answered(operation, server.request(method.upper(), whole))
    for name, query in examples(operation, "query"):
        assert name in parse_qs(query.partition("?")[2])
        found = server.get(urljoin(path, query))
        answered(operation, found)
    for name, value in examples(operation, "header") if method == "get" else ():
        answered(operation, server.get(whole, **{name: value}))


@pytest.mark.parametrize(("path", "method", "operation", "media_type"), BODIES)
def test_the_examples_of_a_body_work(server, stored, path, method, operation, media_type):
    path = address(path, operation)
    body, headers = encoded(media_type, operation["requestBody"]["content"][media_type])
    for _ in range(2):  # the second time nothing is new
        answer = server.request(method.upper(), path, body, headers)
        answered(operation, answer)
        described = operation["responses"][str(answer.status)]["content"]["application/json"]
        [example] = described["examples"].values()
        assert example["value"].keys() == answer.json.keys()


def test_a_well_in_a_form_goes_before_the_one_in_the_query(server):
    body, headers = form(b"".join(sample_csv(2)), "B-7", "log.csv")
    answer = server.request("POST", "/upload-csv/?well=sample", body, headers)
    assert answer.json["well"] == "B-7"


@pytest.mark.parametrize(("operation", "status"), WITH_ADDRESSES)
def test_every_address_given_for_an_answer_gives_it(server, stored, operation, status):
    headers = {"Range": "bytes=0-9"} if status == 206 else {}
    for media_type, found in addresses(operation, status):
        answer = server.get(found, **headers)
        answered(operation, answer)
        assert answer.status == status
        assert answer.headers["Content-Type"].startswith(media_type)


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_the_examples_of_problems_have_the_status_of_the_answer(path, method, operation):
    assert all(value["status"] == status for status, _, value in problems(operation))


@pytest.mark.parametrize("operation", WITH_PROBLEMS)
def test_the_examples_of_problems_are_what_is_answered(server, stored, operation):
    for _, summary, value in problems(operation):
        if summary.startswith("GET "):
            answer = server.get(summary.removeprefix("GET "))
            assert answer.json.items() >= value.items()


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (206, {"Range": "bytes=0-9"}),
        (304, {"If-None-Match": "*"}),
        (412, {"If-Match": '"other"'}),
        (416, {"Range": "bytes=99999-"}),
    ],
)
def test_a_conditional_request_gets_the_headers_that_are_documented(
    server, stored, status, headers
):
    path = "/photos/{photo_id}/image/"
    operation = SCHEMA["paths"][path]["get"]
    answer = server.get(address(path, operation), **headers)
    assert answer.status == status
    described = operation["responses"][str(status)]["headers"]
    assert described.keys() <= set(answer.headers)
    assert ("Content-Range" in described) == ("Content-Range" in answer.headers)


def test_every_kind_of_problem_is_documented():
    documented = set(re.findall(r"`urn:problem-type:([a-z-]+)`", json.dumps(SCHEMA)))
    assert documented == BY_NAME.keys() - ELSEWHERE


def test_the_pages_load_nothing_from_another_host(server):
    page = server.get("/docs/", Accept="text/html").body.decode()
    addresses = re.findall(r"(?:src|href)=\"([^\"]+)\"", page)
    assert len(addresses) >= 4
    for found in addresses:
        assert server.get(found).status == 200, found
    assert not re.search(r"(?:src|href|url)[\"']?\s*[=:]\s*[\"'](?:https?:)?//", page)
    assert b'"validatorUrl": null' in server.get("/docs/?script=").body


def test_a_version_of_the_schema_that_is_none_is_not_repeated_in_a_header(server):
    answer = server.get("/schema/?version=%00")
    assert answer.status == 200
    assert answer.headers["Content-Disposition"] == 'inline; filename="Image log server.yaml"'


@pytest.mark.parametrize("path", ["/get-images/1/2/", "/colormaps/jet.png", "/photos/0/image/"])
def test_options_is_refused_where_there_is_no_json(server, path):
    answer = server.request("OPTIONS", path)
    assert_problem(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(("accept", "status"), [("image/png", 200), ("application/json", 406)])
def test_a_legend_is_a_picture_for_those_who_accept_one(server, accept, status):
    assert server.get("/colormaps/jet.png", Accept=accept).status == status
