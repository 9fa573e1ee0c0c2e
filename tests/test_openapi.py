"""The schema at ``/schema/`` and the pages at ``/docs/`` say what the service does."""

import json
import re
from typing import Any
from urllib.parse import parse_qs, urljoin

import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator

from image_processor.problems import PROBLEMS
from images.api_parameters import EXAMPLE_ID
from images.api_problems import KINDS
from images.sample import sample_csv
from tests.problems import assert_problem
from tests.server import form

SCHEMA = SchemaGenerator().get_schema(public=True)
OPERATIONS = [
    pytest.param(path, method, operation, id=operation["operationId"])
    for path, methods in SCHEMA["paths"].items()
    for method, operation in methods.items()
]
# Answers that are not of the endpoints: for addresses, methods and hosts that are none.
ELSEWHERE = {"file-missing", "forbidden", "not-found"}
# Those of photos.
ELSEWHERE |= {"not-a-photo", "too-many-pixels", "photo-not-found", "photo-exists"}
ELSEWHERE |= {"range-not-satisfiable", "precondition-failed"}


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
def log_id(server):
    """The id of the sample image log, of which these are the first rows."""
    return server.upload(b"".join(sample_csv(200)), well="sample").json["id"]


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
def test_every_example_of_a_parameter_works(server, log_id, path, method, operation):
    path = address(path, operation).replace(EXAMPLE_ID, log_id)
    if method != "post":
        answered(operation, server.request(method.upper(), path))
        for name, query in examples(operation, "query"):
            assert name in parse_qs(query.partition("?")[2])
            found = server.get(urljoin(path, query.replace(EXAMPLE_ID, log_id)))
            answered(operation, found)
        for name, value in examples(operation, "header"):
            answered(operation, server.get(path, **{name: value}))


@pytest.mark.parametrize("media_type", ["multipart/form-data", "text/csv"])
def test_the_examples_of_an_upload_work(server, media_type):
    operation = SCHEMA["paths"]["/upload-csv/"]["post"]
    [example] = operation["requestBody"]["content"][media_type]["examples"].values()
    if media_type == "text/csv":
        answer = server.upload_raw(example["value"].encode(), "sample")
    else:
        fields = example["value"]
        body, headers = form(fields["file"].encode(), fields["well"], "log.csv")
        answer = server.request("POST", "/upload-csv/?well=sample", body, headers)
        assert answer.json["well"] == fields["well"]
    answered(operation, answer)
    [described] = operation["responses"]["200"]["content"]["application/json"]["examples"].values()
    assert described["value"].keys() == answer.json.keys()


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_address_given_for_an_answer_gives_it(server, log_id, path, method, operation):
    for media_type, content in operation["responses"].get("200", {}).get("content", {}).items():
        for example in content["examples"].values():
            if "externalValue" in example:
                answer = server.get(example["externalValue"].replace(EXAMPLE_ID, log_id))
                answered(operation, answer)
                assert answer.headers["Content-Type"].startswith(media_type)


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_the_examples_of_problems_are_what_is_answered(server, log_id, path, method, operation):
    for status, described in operation["responses"].items():
        problems = described.get("content", {}).get("application/problem+json", {})
        for example in problems.get("examples", {}).values():
            assert example["value"]["status"] == int(status)
            if method == "get" and example["summary"].startswith("GET "):
                answer = server.get(example["summary"].removeprefix("GET "))
                assert answer.json.items() >= example["value"].items()


def test_every_kind_of_problem_is_documented_with_its_status():
    answered = {(kind, status) for _, status, kind in PROBLEMS if kind not in ELSEWHERE}
    framework = {("not-acceptable", 406), ("unsupported-media-type", 415)}
    assert {(name, kind.status) for name, kind in KINDS.items()} == answered | framework
    documented = set(re.findall(r"`urn:problem-type:([a-z-]+)`", json.dumps(SCHEMA)))
    assert documented == KINDS.keys()


def test_the_pages_load_nothing_from_another_host(server):
    page = server.get("/docs/", Accept="text/html").body.decode()
    addresses = re.findall(r"(?:src|href)=\"([^\"]+)\"", page)
    assert len(addresses) >= 4
    for found in addresses:
        assert server.get(found).status == 200, found
    assert not re.search(r"(?:src|href|url)[\"']?\s*[=:]\s*[\"'](?:https?:)?//", page)
    assert '"validatorUrl": null' in page


def test_a_version_of_the_schema_that_is_none_is_not_repeated_in_a_header(server):
    answer = server.get("/schema/?version=%00")
    assert answer.status == 200
    assert answer.headers["Content-Disposition"] == 'inline; filename="Image log server.yaml"'


@pytest.mark.parametrize("path", ["/get-images/1/2/", "/colormaps/jet.png"])
def test_options_is_refused_where_there_is_no_json(server, path):
    answer = server.request("OPTIONS", path)
    assert_problem(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(("accept", "status"), [("image/png", 200), ("application/json", 406)])
def test_a_legend_is_a_picture_for_those_who_accept_one(server, accept, status):
    assert server.get("/colormaps/jet.png", Accept=accept).status == status
