"""What the OpenAPI schema says of problem documents (RFC 9457)."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

MEDIA_TYPE = "application/problem+json"
PREFIX = "urn:problem-type:"


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


class Kind(NamedTuple):
    """A kind of problem: its status, what it means, and an example of its detail."""

    status: int
    meaning: str
    detail: str


KINDS: Mapping[str, Kind] = {
    "bad-request": Kind(
        400,
        "The request is malformed or names a host not served here.",
        "The request is malformed or names a host not served here.",
    ),
    "invalid-csv": Kind(
        400,
        "The CSV has faults; nothing of it is stored.",
        "line 2, column col7: 300 is not from 0 to 255",
    ),
    "no-file": Kind(
        400,
        "The upload does not hold exactly one file in the field `file`.",
        "the form has no file in the field 'file'",
    ),
    "incomplete-body": Kind(
        400, "The connection ended before the body did.", "the body is incomplete"
    ),
    "invalid-parameter": Kind(
        400,
        "A part of the URL or of the body has a value that is not allowed, or is not known.",
        "welll='A-1': unknown parameter; did you mean well?",
    ),
    "unknown-colormap": Kind(
        400,
        "There is no colormap of this name.",
        "colormap='virdis': no colormap of matplotlib; did you mean viridis, viridis_r, cividis?",
    ),
    "several-logs": Kind(
        400,
        "The answer can be made of one image log only, and several match; `logs` lists them.",
        "2 image logs match; choose one with log= or well=",
    ),
    "window-too-large": Kind(
        400,
        "The window holds more traces than the representation can take.",
        "the window holds 20000 traces and a picture has at most 16383 rows; give a height",
    ),
    "unauthorized": Kind(
        401,
        "There is no token, or none that is valid; where it is needed `ACCESS` says.",
        "the token is not valid",
    ),
    "forbidden": Kind(
        403,
        "The user is in no group that may do this.",
        "this is not for users of your groups",
    ),
    "log-not-found": Kind(404, "There is no such image log.", f"there is no image log {'0' * 24}"),
    "nothing-in-range": Kind(
        404, "The image logs have no trace in the range.", "there is no trace from 1.0 to 2.0"
    ),
    "not-acceptable": Kind(
        406,
        "The Accept header names nothing that there is.",
        "Could not satisfy the request Accept header.",
    ),
    "statistics-missing": Kind(
        409,
        "The log was ingested before statistics were made.",
        "this log has no statistics yet; `manage.py doctor --fix` makes them",
    ),
    "body-too-slow": Kind(
        408, "The client sends the body too slowly.", "the body comes too slowly"
    ),
    "length-required": Kind(
        411,
        "The upload does not say its length.",
        "the upload does not say its length; send it with Content-Length",
    ),
    "upload-too-large": Kind(
        413,
        "The file is larger than `limit`.",
        "the file is larger than the limit of 2147483648 bytes",
    ),
    "form-too-large": Kind(
        413,
        "A field of the form is too large.",
        "Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.",
    ),
    "unsupported-media-type": Kind(
        415,
        "The body is of a media type that is not read here.",
        'Unsupported media type "application/json" in request.',
    ),
    "too-many-requests": Kind(
        429,
        "Too many uploads of one user, or wrong tokens from one address.",
        "Request was throttled. Expected available in 42 seconds.",
    ),
    "file-corrupt": Kind(
        500,
        "What is stored is damaged; it has been logged.",
        "chunk 3 of the stored file is missing",
    ),
    "storage-unavailable": Kind(503, "MongoDB cannot be reached.", "MongoDB cannot be reached"),
    "ingest-overtaken": Kind(
        503,
        "The ingest was taken for dead and undone.",
        "the ingest took so long that it was undone; send it again",
    ),
    "too-many-ingests": Kind(
        503,
        "As many uploads are being ingested as may be at a time; nothing has been read.",
        "other uploads are being ingested; try again in some seconds",
    ),
    "too-many-pictures": Kind(
        503,
        "As many large pictures are being drawn as may be at a time.",
        "other large pictures are being drawn; try again in some seconds",
    ),
    "overloaded": Kind(
        503,
        "As many requests are being answered as may be at a time.",
        "All threads are busy; try again in some seconds.",
    ),
    "not-ready": Kind(
        503,
        "`checks` says which dependency fails.",
        "mongodb does not answer: ServerSelectionTimeoutError",
    ),
    "no-room-for-upload": Kind(
        507,
        "There is no room for the traces of the upload.",
        "there is no room for the temporary file",
    ),
}
# These may happen to any request, and those of access to any that is not for everybody.
PUBLIC = ("bad-request", "not-acceptable")
ACCESS = ("unauthorized", "forbidden", "too-many-requests")
ALWAYS = (*PUBLIC, *ACCESS, "overloaded")

Responses = dict[tuple[int, str], OpenApiResponse]


def responses(
    *names: str,
    kinds: Mapping[str, Kind] = KINDS,
    always: Collection[str] = ALWAYS,
    **requests: tuple[str, str],
) -> Responses:
    """The answers to requests that fail in these ways of ``kinds``, and in those of ``always``.

    ``requests`` are, by the name with underscores, a path that fails so and the detail it gets.
    """
    asked = {name.replace("_", "-"): request for name, request in requests.items()}
    by_status: dict[int, list[str]] = {}
    for name in (*always, *asked, *names):
        by_status.setdefault(kinds[name].status, []).append(name)
    return {
        (status, MEDIA_TYPE): OpenApiResponse(
            ProblemSerializer,
            "\n".join(f"* `{PREFIX}{name}`: {kinds[name].meaning}" for name in found),
            [_example(name, status, *asked.get(name, ("", kinds[name].detail))) for name in found],
        )
        for status, found in sorted(by_status.items())
    }


def headers(answers: Responses) -> list[OpenApiParameter]:
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
    value: dict[str, Any] = {
        "type": f"{PREFIX}{name}",
        "title": name.replace("-", " ").capitalize(),
        "status": status,
        "detail": detail,
    }
    return OpenApiExample(name, value, summary=f"GET {request}" if request else name)
