"""The parts that what the OpenAPI schema says of an endpoint is built of."""

from collections.abc import Mapping, Sequence
from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
)
from rest_framework.pagination import LimitOffsetPagination

from web import problem_docs
from web.parameters import MAX_OFFSET, MAX_PAGE

JSON = "application/json"
NUMBER = {"type": "number", "format": "double"}
TEXT = {"type": "string"}
BINARY = {"type": "string", "format": "binary"}
# Extensions with the example of a parameter: a whole query, a header's value.
QUERY, HEADER = "x-example-query", "x-example-header"
OBJECT_ID = {**TEXT, "pattern": "^[0-9a-fA-F]{24}$"}


def query(name: str, schema: dict[str, Any], description: str, example: str) -> OpenApiParameter:
    """A parameter of the query, with a query in which it works.

    As an ``example`` of OpenAPI's, a page would fill every field in, and what stands in all of
    them together is no request.
    """
    return OpenApiParameter(
        name,
        schema,
        description=f"{description} For example `{example}`.",
        extensions={QUERY: example},
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


def header(name: str, description: str, *statuses: int, required: bool = True) -> OpenApiParameter:
    """A header of answers with these statuses."""
    return OpenApiParameter(
        name, TEXT, "header", description=description, required=required, response=[*statuses]
    )


def whole(minimum: int, maximum: int | None = None) -> dict[str, Any]:
    """A whole number, both limits included."""
    limits = {"minimum": minimum} | ({"maximum": maximum} if maximum else {})
    return {"type": "integer", **limits}


def one_of(choices: tuple[str, ...]) -> dict[str, Any]:
    """One of these words."""
    return {**TEXT, "enum": [*choices]}


def page(things: str) -> list[OpenApiParameter]:
    """The parameters of a list that is answered page by page."""
    default = LimitOffsetPagination.default_limit
    limit, offset = whole(1, MAX_PAGE), whole(0, MAX_OFFSET)
    return [
        query("limit", limit, f"{things} on a page; {default} by default.", "?limit=10"),
        query("offset", offset, f"{things} to leave out before it.", "?offset=0"),
    ]


def answer(schema: Any, description: str, external: str = "", value: Any = None) -> OpenApiResponse:
    """An answer, with the address that gives it or, where none does, a value."""
    example = OpenApiExample("example", value) if value else None
    example = OpenApiExample("example", external_value=external) if external else example
    return OpenApiResponse(schema, description, [example] if example else None)


def operation(
    name: str,
    tag: str,
    description: str,
    answers: Mapping[Any, Any],
    problems: problem_docs.Responses,
    parameters: Sequence[OpenApiParameter] = (),
    **more: Any,
) -> Any:
    """One operation; the first sentence of the description is its summary."""
    summary, _, rest = description.partition(". ")
    return extend_schema(
        operation_id=name,
        tags=[tag],
        summary=summary,
        description=rest,
        parameters=[*parameters, *problem_docs.headers(problems)],
        responses={**answers, **problems},
        **more,
    )
