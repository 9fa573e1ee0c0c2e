"""Changes on condition: with ``If-Match`` they are of what the client has read, or 412."""

import pytest
from django.db import connection
from django.test import Client

from tests.examples import add_examples
from tests.photos.pictures import assert_problem
from tests.test_openapi import OPERATIONS, SCHEMA, address, encoded
from web import conditions

CHANGES = [one for one in OPERATIONS if one.values[1] in {"put", "patch", "delete"}]
OTHER = '"0"'
# A change that another makes, by the first part of the address.
ELSEWHERE = {
    "photos": ("photos_corephoto", {"$set": {"caption": "by another"}}),
    "logs": ("images_imagelog", {"$set": {"unit": "by another"}}),
    "wells": ("wells_well", {"$inc": {"generation": 1}}),
}


@pytest.fixture
def client():
    return Client(raise_request_exception=False, SERVER_NAME="localhost")


@pytest.fixture(autouse=True)
def items(ingest):
    """Those that the examples of the schema name."""
    add_examples(ingest, rows=50)


@pytest.fixture
def send(client):
    """Send the example of a change, with some headers."""

    def send(path, method, operation, **headers):
        body, described = b"", {}
        if "requestBody" in operation:
            [(media_type, media), *_] = operation["requestBody"]["content"].items()
            body, described = encoded(media_type, media)
        kind = described.pop("Content-Type", "application/json")
        return client.generic(
            method.upper(), address(path, operation), body, content_type=kind, headers=headers
        )

    return send


def shown(client, path, operation):
    answer = client.get(address(path, operation))
    return answer.json(), answer["ETag"]


@pytest.mark.parametrize(("path", "method", "operation"), CHANGES)
def test_every_change_of_an_item_takes_if_match_and_says_so(path, method, operation):
    assert "If-Match" in {p["name"] for p in operation["parameters"] if p["in"] == "header"}
    assert "412" in operation["responses"]
    assert "ETag" in SCHEMA["paths"][path]["get"]["responses"]["200"]["headers"]


@pytest.mark.parametrize(("path", "method", "operation"), CHANGES)
@pytest.mark.parametrize(
    "headers",
    [{"If-Match": OTHER}, {"If-Unmodified-Since": "Wed, 25 Nov 2026 00:00:00 GMT"}],
    ids=lambda headers: next(iter(headers)),
)
def test_of_another_version_or_by_a_date_it_is_412_and_nothing_changes(
    client, send, path, method, operation, headers
):
    before = shown(client, path, operation)
    answer = send(path, method, operation, **headers)
    kind = answer.json()["type"].rpartition(":")[2]
    assert kind in {"precondition-failed", "dip-changed"}
    assert_problem(answer, 412, kind)
    assert shown(client, path, operation) == before


@pytest.mark.parametrize(("path", "method", "operation"), CHANGES)
def test_of_the_version_that_was_read_it_is_done_once(client, send, path, method, operation):
    _, tag = shown(client, path, operation)
    answer = send(path, method, operation, **{"If-Match": f'"other", {tag}'})
    assert answer.status_code in (200, 204), answer.content
    # The example of a well is what it is already, which makes no new version of it.
    if method != "delete" and shown(client, path, operation)[1] != tag:
        assert send(path, method, operation, **{"If-Match": tag}).status_code == 412


@pytest.mark.parametrize(
    ("path", "method", "operation"),
    [change for change in CHANGES if change.values[0].split("/")[1] in ELSEWHERE],
)
def test_what_another_changes_in_the_last_instant_is_412_and_stays(
    client, send, monkeypatch, path, method, operation
):
    collection, update = ELSEWHERE[path.split("/")[1]]
    _, tag = shown(client, path, operation)
    required = conditions.required

    def overtaken(*of):
        found = required(*of)
        connection.database[collection].update_many({}, update)
        return found

    monkeypatch.setattr(conditions, "required", overtaken)
    answer = send(path, method, operation, **{"If-Match": tag})
    assert_problem(answer, 412, "precondition-failed", "meanwhile")
    assert shown(client, path, operation)[1] != tag
