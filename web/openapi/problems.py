"""OpenAPI descriptions of problems, from the table of problems."""

from collections.abc import Collection, Mapping

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from web import problems
from web.openapi.parameters import header, one_of
from web.parameters import TEXT
from web.problems import MEDIA_TYPE, PREFIX


class ProblemSerializer(serializers.Serializer):
    """A problem document. The members after `detail` are optional."""

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
    at_least = serializers.BooleanField(
        required=False, help_text="Whether reading stopped at a fault, so that there may be more."
    )
    limit = serializers.IntegerField(required=False, help_text="The limit in bytes, or in pixels.")
    logs = serializers.ListField(
        child=serializers.DictField(),
        required=False,
        help_text="`id`, `well`, `name` and `filename` of the image logs to choose from.",
    )
    wells = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="The names of the wells of the file, to choose one from.",
    )
    checks = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="Each dependency, and how it is."
    )
    versions = serializers.DictField(
        child=serializers.DictField(allow_null=True),
        required=False,
        help_text="`yours` and `current`, of what others have changed.",
    )


def problem_answers(
    failures: Mapping[str, tuple[str, str]],
) -> dict[tuple[int, str], OpenApiResponse]:
    """The responses for these problems."""
    by_status: dict[int, list[str]] = {}
    for name in failures:
        by_status.setdefault(problems.BY_NAME[name].status, []).append(name)
    return {
        (status, MEDIA_TYPE): OpenApiResponse(
            ProblemSerializer,
            "\n".join(f"* `{PREFIX}{name}`: {problems.BY_NAME[name].meaning}" for name in found),
            [_example(name, *failures[name]) for name in found],
        )
        for status, found in sorted(by_status.items())
    }


def problem_headers(statuses: Collection[int]) -> list[OpenApiParameter]:
    """The headers of problems with these statuses."""
    described = (
        ("Cache-Control", one_of(("no-store",)), "Never kept.", {*statuses}),
        ("Retry-After", {"type": "integer"}, "Seconds to wait.", {429, 503}),
        ("WWW-Authenticate", one_of(("Token",)), "What to send.", {401}),
        ("Content-Range", TEXT, "`bytes */` and the length.", {416}),
    )
    return [
        header(name, description, *sorted(found), schema=schema)
        for name, schema, description, having in described
        if (found := having & set(statuses))
    ]


def _example(name: str, address: str, detail: str) -> OpenApiExample:
    row = problems.BY_NAME[name]
    value = {
        "type": f"{PREFIX}{name}",
        "title": problems.title(name),
        "status": row.status,
        "detail": detail or row.example,
    }
    return OpenApiExample(name, value, summary=f"GET {address}" if address else name)
