"""OpenAPI descriptions of parameters and headers."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from web.parameters import TEXT, Parameter

# OpenAPI extensions with an example: a whole query, the value of a header.
QUERY, HEADER = "x-example-query", "x-example-header"


def query(parameter: Parameter[Any]) -> OpenApiParameter:
    """A query parameter, with an example query.

    OpenAPI's own ``example`` is not used: Swagger UI would fill in all examples at once, which is
    not a valid request.
    """
    return OpenApiParameter(
        parameter.name,
        dict(parameter.schema),
        description=f"{parameter.description} For example `{parameter.example}`.",
        required=parameter.needed,
        extensions={QUERY: parameter.example},
    )


def path(name: str, schema: dict[str, Any], description: str, example: object) -> OpenApiParameter:
    """A parameter of the path."""
    examples = [OpenApiExample("example", example)]
    return OpenApiParameter(name, schema, "path", description=description, examples=examples)


def request_header(name: str, description: str, example: str) -> OpenApiParameter:
    """A header of the request."""
    return OpenApiParameter(
        name,
        TEXT,
        "header",
        description=f"{description} For example `{example}`.",
        extensions={HEADER: example},
    )


def header(
    name: str,
    description: str,
    *statuses: int,
    required: bool = True,
    schema: Mapping[str, Any] = TEXT,
) -> OpenApiParameter:
    """A header of responses with these statuses."""
    return OpenApiParameter(
        name,
        dict(schema),
        "header",
        description=description,
        required=required,
        response=[*statuses],
    )


def whole(minimum: int, maximum: int | None = None) -> dict[str, Any]:
    """A whole number, both limits included."""
    limits = {"minimum": minimum} | ({"maximum": maximum} if maximum else {})
    return {"type": "integer", **limits}


def one_of(choices: tuple[str, ...]) -> dict[str, Any]:
    """One of these words."""
    return {**TEXT, "enum": [*choices]}
