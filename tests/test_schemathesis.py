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
from tests.test_openapi import OPERATIONS, SCHEMA

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 10
schema = schemathesis.openapi.from_dict(SCHEMA)
# Each operation with valid requests, and with wrong ones where something of it can be wrong.
MODES = [
    pytest.param(path, method, mode, id=f"{operation['operationId']} {mode.value}")
    for path, method, operation in (one.values for one in OPERATIONS)
    for mode in schemathesis.GenerationMode
    if mode.is_positive or "parameters" in operation or "requestBody" in operation
]


@schemathesis.serializer("text/csv")
def csv_body(context, value):
    """A CSV goes out as it is."""
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture(autouse=True)
def examples(ingest):
    add_examples(ingest)


# Not by schema.parametrize(): all its tests have one id, and pytest-xdist runs one of them.
@pytest.mark.parametrize(("path", "method", "mode"), MODES)
def test_every_answer_is_a_documented_one(server, path, method, mode):
    address = f"http://127.0.0.1:{server.port}"

    @hypothesis.settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(schema[path][method].as_strategy(generation_mode=mode))
    def check(case):
        # gunicorn refuses control characters by itself, before the application is asked.
        hypothesis.assume(all(str(value).isprintable() for value in (case.headers or {}).values()))
        case.call_and_validate(base_url=address, checks=CHECKS)
        if "top" in case.path_parameters:
            # Depths made up are hardly ever those of the log.
            case.path_parameters = {"top": 9000.1, "base": 9010}
            case.call_and_validate(base_url=address, checks=CHECKS)
        if "photo_id" in case.path_parameters:
            case.path_parameters = {"photo_id": EXAMPLE_PHOTO_ID}
            case.call_and_validate(base_url=address, checks=CHECKS)

    check()
