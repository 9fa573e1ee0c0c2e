"""The OpenAPI document."""

import json

import pytest
import yaml
from django.test import Client
from drf_spectacular.generators import SchemaGenerator


@pytest.mark.parametrize("query", ["", "?a=1", "?version=2"])
def test_the_schema_is_generated_once_whatever_is_asked_for(query, monkeypatch):
    client = Client(SERVER_NAME="localhost")
    formats = ("application/vnd.oai.openapi", "application/json")
    first = [client.get("/schema/", headers={"Accept": of}).content for of in formats]
    monkeypatch.delattr(SchemaGenerator, "get_schema")
    again = [client.get(f"/schema/{query}", headers={"Accept": of}).content for of in formats]
    assert again == first
    assert yaml.safe_load(first[0]) == json.loads(first[1])
