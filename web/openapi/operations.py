"""Builders for the OpenAPI description of an endpoint.

Each builder returns a Part: responses, problems, parameters and bodies that belong together.
``operation`` joins parts. Parameters are described from their declaration, problems from the table
of problems.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiRequest,
    OpenApiResponse,
    extend_schema,
)

from web.conditions import REVALIDATE
from web.openapi.parameters import header, path, query, request_header
from web.openapi.problems import problem_answers, problem_headers
from web.parameters import OBJECT_ID, TEXT, Parameter

JSON, CSV, FORM = "application/json", "text/csv", "multipart/form-data"
BYTES = "application/octet-stream"
BINARY = {**TEXT, "format": "binary"}
EXAMPLE_TAG = '"5d41402abc4b2a76b9719d911017c592"'
NOWHERE = "0" * 24

# Problems of every endpoint, and of endpoints with access control.
PUBLIC = ("bad-request", "not-acceptable", "headers-too-large")
ACCESS = ("unauthorized", "forbidden", "too-many-requests")
ALWAYS = (*PUBLIC, *ACCESS, "overloaded", "storage-unavailable")
# Problems of endpoints that read a body, and of uploads.
BODY = (
    *("invalid-parameter", "length-required", "form-too-large", "incomplete-body"),
    "body-too-slow",
)
UPLOAD = ("upload-too-large", "no-room-for-upload")


@dataclass(frozen=True)
class Part:
    """A part of the description of an operation.

    ``answers``: by status, or by (status, media type). ``failures``: by name of the problem, the
    path of a GET that fails in this way and the detail of its answer, or two empty texts.
    ``bodies``: by media type.
    """

    answers: Mapping[Any, Any] = field(default_factory=dict)
    failures: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    parameters: tuple[OpenApiParameter, ...] = ()
    bodies: Mapping[str, OpenApiRequest] = field(default_factory=dict)

    def __or__(self, other: "Part") -> "Part":
        return Part(
            {**self.answers, **other.answers},
            {**self.failures, **other.failures},
            (*self.parameters, *other.parameters),
            {**self.bodies, **other.bodies},
        )


def operation(
    name: str,
    description: str,
    *parts: Part | Parameter[Any] | OpenApiParameter,
    tag: str = "",
    always: Collection[str] = ALWAYS,
    **more: Any,
) -> Any:
    """Describe one operation. The first sentence of ``description`` becomes its summary.

    ``tag``: by default the first part of the path. ``always``: problems that can occur besides
    those of ``parts``.
    """
    summary, _, rest = description.partition(". ")
    joined = fails(*always) | _joined(*parts)
    if joined.bodies:
        # An endpoint that takes bytes takes any media type.
        refused = () if BYTES in joined.bodies else ("unsupported-media-type",)
        joined = fails(*BODY, *refused) | joined
        more["request"] = dict(joined.bodies)
    failures = problem_answers(joined.failures)
    return extend_schema(
        operation_id=name,
        tags=[tag] if tag else None,
        summary=summary,
        description=rest,
        parameters=[*joined.parameters, *problem_headers({status for status, _ in failures})],
        responses={**_described_together(joined.answers), **failures},
        **more,
    )


def _described_together(answers: Mapping[Any, Any]) -> dict[Any, Any]:
    """The same answers, with one description for each status, because OpenAPI has no room for one
    of each media type. If they differ, it is a list."""
    keys = {key: key if isinstance(key, tuple) else (key, "") for key in answers}
    described = {}
    for key, (status, _) in keys.items():
        texts = {of: answers[k].description for k, (other, of) in keys.items() if other == status}
        several = [f"* `{media_type}`: {text}" for media_type, text in texts.items()]
        one = answers[key]
        text = "\n".join(several) if len({*texts.values()}) > 1 else one.description
        described[key] = OpenApiResponse(one.response, text, one.examples)
    return described


def _joined(*parts: Part | Parameter[Any] | OpenApiParameter) -> Part:
    """Join parts. A query parameter also adds the problem ``invalid-parameter``."""
    joined = Part()
    for part in parts:
        if isinstance(part, Parameter):
            joined = fails("invalid-parameter") | joined | Part(parameters=(query(part),))
        else:
            joined |= part if isinstance(part, Part) else Part(parameters=(part,))
    return joined


def answer(
    schema: Any,
    description: str,
    address: str = "",
    example: Any = None,
    status: int = 200,
    media_type: str = JSON,
) -> Part:
    """A response, with the address of a GET that gives it, or with an example."""
    shown = OpenApiExample("example", example) if example else None
    shown = OpenApiExample("example", external_value=address) if address else shown
    response = OpenApiResponse(schema, description, [shown] if shown else None)
    return Part({(status, media_type): response})


def page(serializer: Any, example: Mapping[str, Any]) -> Part:
    """A page of a list; ``example`` is one item."""
    return answer(serializer(many=True), "A page.", example=example)


def made_or_found(serializer: Any, noun: str, example: Mapping[str, Any]) -> Part:
    """The responses to an upload: 201 if it was new, 200 if it was stored already."""
    made, found = (
        answer(serializer, text, example={**example, "created": status == 201}, status=status)
        for status, text in ((201, f"The new {noun}."), (200, f"The {noun} that was there."))
    )
    return made | found


def deleted() -> Part:
    """The response to a DELETE."""
    return Part({204: OpenApiResponse(description="It is deleted.")})


def by_id(problem: str, noun: str, example: str, address: str) -> Part:
    """The id of an item in the path, and the problems for an unknown id and an unknown parameter.

    ``problem`` ends with ``-not-found``; the part before it names the parameter. ``address`` is the
    path with ``{}`` for the id.
    """
    name = problem.removesuffix("-not-found").replace("-", "_") + "_id"
    failure = (address.format(NOWHERE), f"there is no {noun} {NOWHERE}")
    parameters = (path(name, OBJECT_ID, f"The id of the {noun}.", example),)
    return Part(failures={problem: failure}, parameters=parameters) | fails("invalid-parameter")


def tagged(description: str, status: int = 200, cache_control: str = "") -> Part:
    """The headers ETag and, if given, Cache-Control of a response."""
    kept = [header("Cache-Control", cache_control, status)] if cache_control else []
    return _joined(header("ETag", description, status), *kept)


def if_match(failure: str, example: str = "*") -> Part:
    """The header If-Match of a write. ``failure``: the problem if the item has another ETag."""
    description = (
        "The item is changed only if it has one of these ETags. `If-Unmodified-Since` without it is"
        " refused, because dates of changes are not stored."
    )
    problems = {failure, "precondition-failed"}
    return _joined(fails(*sorted(problems)), request_header("If-Match", description, example))


def revalidated(
    tag: str, cache_control: str = f"`{REVALIDATE}`: kept, and asked for each time.", *statuses: int
) -> Part:
    """A file with an ETag and conditional GET. ``statuses``: others than 200 and 304."""
    return _joined(
        Part({304: OpenApiResponse(description="The client has this already.")}),
        request_header("If-None-Match", "ETags of what the client has already.", EXAMPLE_TAG),
        header("ETag", tag, 200, *statuses, 304),
        header("Cache-Control", cache_control, 200, *statuses, 304),
    )


def file_in_parts(files: Mapping[str, str], tag: str, cache_control: str) -> Part:
    """A file with an ETag, conditional GET and byte ranges.

    ``files``: by media type, the path of an example.
    """
    if_range = "`Range` applies only if the file has this ETag; otherwise the whole file is sent."
    part = revalidated(tag, cache_control, 206) | fails("file-corrupt", "range-not-satisfiable")
    for media_type, address in files.items():
        schema = {"type": "object"} if media_type == JSON else BINARY
        part |= answer(schema, "The file.", address, media_type=media_type)
        part |= answer(BINARY, "The bytes of `Range`.", address, status=206, media_type=media_type)
    return part | _joined(
        request_header("Range", "One range of bytes, both ends included.", "bytes=0-99"),
        request_header("If-Range", if_range, EXAMPLE_TAG),
        header("Accept-Ranges", "`bytes`.", 200, 206),
        header("Content-Range", "`bytes`, the first and the last position, the length.", 206),
    )


def body(media_type: str, schema: Any, example: Any, **more: Any) -> Part:
    """A body of one media type."""
    request = OpenApiRequest(schema, examples=[OpenApiExample("example", example)], **more)
    return Part(bodies={media_type: request})


def form(
    fields: Mapping[str, Any], example: Mapping[str, Any], *required: str, **media_types: str
) -> Part:
    """A form. ``media_types``: those of its files, by field."""
    schema = {"type": "object", "properties": dict(fields), "required": [*required]}
    encoding = {name: {"contentType": of} for name, of in media_types.items()}
    return body(FORM, schema, example, encoding=encoding or None)


def fields_of(options: Iterable[Parameter[Any]]) -> dict[str, Any]:
    """The fields of a form that are ``options`` of the query too.

    Without a default or an example, Swagger UI would fill in the word "string".
    """
    return {
        option.name: {
            **{name: value for name, value in option.schema.items() if name != "minLength"},
            "description": option.description,
            "example": "",
        }
        for option in options
    }


def fails(*names: str, **requests: str | tuple[str, str]) -> Part:
    """Problems that can occur.

    ``requests``: by the name of the problem with underscores, the path of a GET that fails in this
    way; and the detail of its answer, unless it is the example in the table of problems.
    """
    asked = {
        name.replace("_", "-"): (request, "") if isinstance(request, str) else request
        for name, request in requests.items()
    }
    return Part(failures={**dict.fromkeys(names, ("", "")), **asked})


def invalid(address: str, detail: str) -> Part:
    """The problem ``invalid-parameter``, with the path of a GET that fails in this way."""
    return fails(invalid_parameter=(address, detail))
