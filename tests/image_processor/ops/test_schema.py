"""The OpenAPI document."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import yaml
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from tests.server import Server


@pytest.mark.parametrize("query", ["", "?a=1", "?version=2"])
def test_the_schema_is_generated_once_whatever_is_asked_for(query, monkeypatch):
    client = Client(SERVER_NAME="localhost")
    formats = ("application/vnd.oai.openapi", "application/json")
    first = [client.get("/schema/", headers={"Accept": of}).content for of in formats]
    monkeypatch.delattr(SchemaGenerator, "get_schema")
    again = [client.get(f"/schema/{query}", headers={"Accept": of}).content for of in formats]
    assert again == first
    assert yaml.safe_load(first[0]) == json.loads(first[1])


def test_many_may_ask_for_the_schema_at_once_after_a_start():
    with Server({"WEB_WORKERS": "1"}) as server, ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(server.get, ["/schema/"] * 8))
    assert {answer.status for answer in answers} == {200}
