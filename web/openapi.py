"""Builders for the OpenAPI description of an endpoint."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
)
from rest_framework import serializers

from web import problems
from web.parameters import TEXT, Parameter
from web.problems import MEDIA_TYPE, PREFIX

JSON = "application/json"
BINARY = {"type": "string", "format": "binary"}
# Extensions with the example of a parameter: a whole query, a header's value.
QUERY, HEADER = "x-example-query", "x-example-header"


def query(parameter: Parameter[Any]) -> OpenApiParameter:
    """A parameter of the query, with a query in which it works.

    As an ``example`` of OpenAPI's, a page would fill every field in, and what stands in all of
    them together is no request.
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


def answer(schema: Any, description: str, external: str = "", value: Any = None) -> OpenApiResponse:
    """An answer, with the address that gives it or, where none does, a value."""
    example = OpenApiExample("example", value) if value else None
    example = OpenApiExample("example", external_value=external) if external else example
    return OpenApiResponse(schema, description, [example] if example else None)


class ProblemSerializer(serializers.Serializer):
    """A problem document; the members after `detail` are there where they have something to say."""

    type = serializers.CharField(help_text=f"`{PREFIX}` and the kind of the problem.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong, with value and bound.")
    errors = serializers.ListField(
        child=serializers.DictField(),
        required=False,
        help_text="`parameter`, `value`, `reason`; of a CSV `line`, `column`, `value`, `reason`.",
    )
    total = serializers.IntegerField(required=False, help_text="How many faults a CSV has in all.")
    limit = serializers.IntegerField(required=False, help_text="The limit in bytes, or in pixels.")
    logs = serializers.ListField(
        child=serializers.DictField(),
        required=False,
        help_text="`id`, `well` and `filename` of the image logs to choose from.",
    )
    checks = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="Each dependency, and how it is."
    )
    versions = serializers.DictField(
        child=serializers.DictField(allow_null=True),
        required=False,
        help_text="`yours` and `current`, of what others have changed.",
    )


# These may happen to any request, and those of access to any that is not for everybody.
PUBLIC = ("bad-request", "not-acceptable")
ACCESS = ("unauthorized", "forbidden", "too-many-requests")
ALWAYS = (*PUBLIC, *ACCESS, "overloaded")

Responses = dict[tuple[int, str], OpenApiResponse]


def problem_responses(
    *names: str, always: Collection[str] = ALWAYS, **requests: tuple[str, str]
) -> Responses:
    """The answers to requests that fail in these ways, and in those of ``always``.

    ``requests`` are, by the name with underscores, a path that fails so and the detail it gets.
    """
    asked = {name.replace("_", "-"): request for name, request in requests.items()}
    by_status: dict[int, list[str]] = {}
    for name in (*always, *asked, *names):
        by_status.setdefault(problems.BY_NAME[name].status, []).append(name)
    return {
        (status, MEDIA_TYPE): OpenApiResponse(
            ProblemSerializer,
            "\n".join(f"* `{PREFIX}{name}`: {problems.BY_NAME[name].meaning}" for name in found),
            [_example(name, status, *asked.get(name, ("", ""))) for name in found],
        )
        for status, found in sorted(by_status.items())
    }


def _problem_headers(answers: Responses) -> list[OpenApiParameter]:
    """The headers of these answers."""
    statuses = [status for status, _ in answers]
    retry = [status for status in statuses if status in (429, 503)]
    login = [401] if 401 in statuses else []
    beyond = [416] if 416 in statuses else []
    described = (
        ("Cache-Control", {"type": "string", "enum": ["no-store"]}, "Never kept.", statuses),
        ("Retry-After", {"type": "integer"}, "Seconds to wait.", retry),
        ("WWW-Authenticate", {"type": "string", "enum": ["Token"]}, "What to send.", login),
        ("Content-Range", {"type": "string"}, "`bytes */` and the length.", beyond),
    )
    return [
        OpenApiParameter(
            name, schema, "header", description=text, required=True, response=[*for_statuses]
        )
        for name, schema, text, for_statuses in described
        if for_statuses
    ]


def _example(name: str, status: int, request: str, detail: str) -> OpenApiExample:
    value = {
        "type": f"{PREFIX}{name}",
        "title": problems.title(name),
        "status": status,
        "detail": detail or problems.BY_NAME[name].example,
    }
    return OpenApiExample(name, value, summary=f"GET {request}" if request else name)


def operation(
    name: str,
    tag: str,
    description: str,
    answers: Mapping[Any, Any],
    failures: Responses,
    parameters: Sequence[Parameter[Any] | OpenApiParameter] = (),
    **more: Any,
) -> Any:
    """One operation; the first sentence of the description is its summary."""
    summary, _, rest = description.partition(". ")
    return extend_schema(
        operation_id=name,
        tags=[tag],
        summary=summary,
        description=rest,
        parameters=[
            *(query(each) if isinstance(each, Parameter) else each for each in parameters),
            *_problem_headers(failures),
        ],
        responses={**answers, **failures},
        **more,
    )
