"""Requests made up from the schema, valid and not, get no answer that it does not describe."""

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from photos.api.docs import EXAMPLE_ID as EXAMPLE_PHOTO_ID
from tests.examples import add_examples
from tests.test_openapi import SCHEMA

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 20
schema = schemathesis.openapi.from_dict(SCHEMA)


@schemathesis.serializer("text/csv")
def csv_body(context, value):
    """A CSV goes out as it is."""
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture(autouse=True)
def examples(ingest):
    add_examples(ingest)


@schema.parametrize()
@hypothesis.settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
def test_every_answer_is_a_documented_one(case, server):
    # gunicorn refuses control characters by itself, before the application is asked.
    hypothesis.assume(all(str(value).isprintable() for value in (case.headers or {}).values()))
    address = f"http://127.0.0.1:{server.port}"
    case.call_and_validate(base_url=address, checks=CHECKS)
    if "top" in case.path_parameters:
        # Depths made up are hardly ever those of the log.
        case.path_parameters = {"top": 9000.1, "base": 9010}
        case.call_and_validate(base_url=address, checks=CHECKS)
    if "photo_id" in case.path_parameters:
        case.path_parameters = {"photo_id": EXAMPLE_PHOTO_ID}
        case.call_and_validate(base_url=address, checks=CHECKS)
