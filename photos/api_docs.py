"""What the OpenAPI schema says of each endpoint of the photos; the views take it as decorators.

The examples are requests that work once there is, under each of EXAMPLE_IDS, a photo of its media
type.
"""

import io
from typing import Any, ClassVar

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiRequest,
    OpenApiResponse,
    extend_schema_view,
)
from PIL import Image
from rest_framework import serializers

from photos.decoding import FORMATS, MAX_WIDTH_PIXELS
from photos.parameters import PHOTO_LIST, WIDTH
from photos.serializers import MAX_CAPTION_CHARACTERS, PhotoSerializer
from web.openapi import (
    ACCESS,
    BINARY,
    JSON,
    answer,
    header,
    operation,
    path,
    problem_responses,
    request_header,
)
from web.parameters import NUMBER, OBJECT_ID, TEXT, WELL_NAME, Parameter

TAG = "photos"
FORM = "multipart/form-data"
MEDIA_TYPES = tuple(media_type for media_type, _ in FORMATS.values())
EXAMPLE_IDS = {
    media_type: f"665f1c2ab7e4d3a1c0ffee{number:02}"
    for number, media_type in enumerate(MEDIA_TYPES, 1)
}
EXAMPLE_ID = EXAMPLE_IDS["image/jpeg"]
EXAMPLE_PLACE = {"well": "sample", "top_depth": 9000.0, "base_depth": 9001.5}
EXAMPLE_PHOTO = {
    "id": EXAMPLE_ID,
    **EXAMPLE_PLACE,
    "caption": "sandstone",
    "format": "JPEG",
    "width": 6000,
    "height": 4000,
    "size_bytes": 7340032,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "uploaded_at": "2026-01-31T12:00:00Z",
    "image_url": f"/photos/{EXAMPLE_ID}/image",
}


def _example_file() -> str:
    """An image that an example, which is text, can hold: a TIFF of one pixel is all ASCII."""
    file = io.BytesIO()
    Image.new("L", (1, 1), 64).save(file, "TIFF")
    return file.getvalue().decode("ascii")


class UploadedPhotoSerializer(PhotoSerializer):
    """A photo, and whether the upload made it."""

    created = serializers.BooleanField()

    class Meta(PhotoSerializer.Meta):
        fields: ClassVar = [*PhotoSerializer.Meta.fields, "created"]


CHANGES = {
    "top_depth": NUMBER,
    "base_depth": NUMBER,
    "caption": {**TEXT, "maxLength": MAX_CAPTION_CHARACTERS},
}
FIELDS = {"photo": BINARY, "well": WELL_NAME, **CHANGES}


def _form(example: dict[str, Any], *required: str) -> OpenApiRequest:
    """A form with a photo."""
    return OpenApiRequest(
        {"type": "object", "properties": FIELDS, "required": [*required]},
        examples=[OpenApiExample("example", {"photo": _example_file(), **example})],
        encoding={"photo": {"contentType": ", ".join(MEDIA_TYPES)}},
    )


def _change(example: dict[str, Any]) -> OpenApiRequest:
    """Other depths or another caption."""
    schema = {"type": "object", "properties": CHANGES, "additionalProperties": False}
    return OpenApiRequest(schema, examples=[OpenApiExample("example", example)])


PHOTO_PATH = path("photo_id", OBJECT_ID, "The id of the photo.", EXAMPLE_ID)
NOWHERE = "0" * 24
NOT_FOUND = (f"/photos/{NOWHERE}/", f"there is no photo {NOWHERE}")
CHANGED = {(200, JSON): answer(PhotoSerializer, "The photo as it is now.", value=EXAMPLE_PHOTO)}
# What can be wrong with a body that holds a photo.
BODY_PROBLEMS = (
    "invalid-parameter",
    "incomplete-body",
    "body-too-slow",
    "upload-too-large",
    "form-too-large",
    "unsupported-media-type",
    "no-room-for-upload",
    "storage-unavailable",
)
UPLOAD_PROBLEMS = (
    *BODY_PROBLEMS,
    "length-required",
    "too-many-pixels",
    "not-a-photo",
    "needs-too-much-memory",
    "busy",
)
CHANGE_PROBLEMS = ("photo-exists", "photo-changed")

PHOTOS = extend_schema_view(
    get=operation(
        "photos",
        TAG,
        "Find photos. Those that overlap a range of depth, by well and depth, page by page.",
        {(200, JSON): answer(PhotoSerializer(many=True), "A page.", value=EXAMPLE_PHOTO)},
        problem_responses(
            "storage-unavailable",
            invalid_parameter=(
                "/photos/?min=9010&max=9000",
                "min='9010': the range is reversed: max is 9000",
            ),
        ),
        PHOTO_LIST,
    ),
    post=operation(
        "upload_photo",
        TAG,
        "Upload a photo. A whole JPEG (of an MPO the first frame), PNG, TIFF or WebP, whatever its"
        " name says. The same bytes sent again to the same well and depths give the photo that is"
        " there already, with `created` false.",
        {
            (status, JSON): answer(
                UploadedPhotoSerializer, text, value={**EXAMPLE_PHOTO, "created": status == 201}
            )
            for status, text in ((201, "The new photo."), (200, "The photo that was there."))
        },
        problem_responses(*UPLOAD_PROBLEMS),
        request={FORM: _form({**EXAMPLE_PLACE, "caption": "sandstone"}, "photo", *EXAMPLE_PLACE)},
    ),
)

PHOTO = extend_schema_view(
    get=operation(
        "photo",
        TAG,
        "A photo. Its place and what the image says of itself; the image is at `image_url`.",
        {(200, JSON): answer(PhotoSerializer, "The photo.", f"/photos/{EXAMPLE_ID}/")},
        problem_responses("storage-unavailable", photo_not_found=NOT_FOUND),
        [PHOTO_PATH],
    ),
    put=operation(
        "replace_photo",
        TAG,
        "Replace the image. All of it or nothing. Fields that are not sent stay as they are.",
        CHANGED,
        problem_responses(*UPLOAD_PROBLEMS, *CHANGE_PROBLEMS, photo_not_found=NOT_FOUND),
        [PHOTO_PATH],
        request={FORM: _form({"caption": "sandstone, cleaned"}, "photo")},
    ),
    patch=operation(
        "change_photo",
        TAG,
        "Change depths or caption. What is not sent stays as it is.",
        CHANGED,
        problem_responses(*BODY_PROBLEMS, *CHANGE_PROBLEMS, photo_not_found=NOT_FOUND),
        [PHOTO_PATH],
        request={
            media_type: _change({"top_depth": 8999.5, "caption": "sandstone"})
            for media_type in (JSON, FORM, "application/x-www-form-urlencoded")
        },
    ),
    delete=operation(
        "delete_photo",
        TAG,
        "Delete a photo. Its image goes with it.",
        {204: OpenApiResponse(description="It is deleted.")},
        problem_responses("storage-unavailable", photo_not_found=NOT_FOUND),
        [PHOTO_PATH],
    ),
)

IMAGE_PARAMETERS: list[Parameter[Any] | OpenApiParameter] = [
    PHOTO_PATH,
    WIDTH,
    request_header("Range", "One range of bytes, both ends included.", "bytes=0-99"),
    request_header(
        "If-Range",
        "The ETag of the image that `Range` is meant for; of another one all is sent.",
        '"5d41402abc4b2a76b9719d911017c592"',
    ),
    request_header("If-None-Match", "ETags of what the client has already.", "*"),
    request_header("If-Match", "ETags of which the image must have one.", "*"),
]
IMAGE_HEADERS = [
    header("ETag", "Strong; of the image its SHA-256, of each thumbnail its own.", 200, 206, 304),
    header("Cache-Control", "`no-cache`: kept, and asked for each time.", 200, 206, 304),
    header("Content-Disposition", "`inline`, with the name of the file.", 200, 206),
    header("Content-Security-Policy", "`default-src 'none'; sandbox`.", 200, 206),
    header("X-Content-Type-Options", "`nosniff`.", 200, 206, 304),
    header("Accept-Ranges", "`bytes`.", 200, 206),
    header("Content-Range", "`bytes`, the first and the last position, the length.", 206),
]
IMAGE = extend_schema_view(
    get=operation(
        "photo_image",
        TAG,
        "The image. The bytes as they came, whole or in part, or a thumbnail.",
        {
            **{
                (status, media_type): answer(BINARY, text, f"/photos/{photo_id}/image")
                for status, text in ((200, "The image."), (206, "The bytes of `Range`."))
                for media_type, photo_id in EXAMPLE_IDS.items()
            },
            304: OpenApiResponse(description="The client has this already."),
        },
        problem_responses(
            "file-missing",
            "file-corrupt",
            "busy",
            "needs-too-much-memory",
            "no-room-for-upload",
            "not-a-photo",
            "precondition-failed",
            "range-not-satisfiable",
            "storage-unavailable",
            # What the Accept header says is not asked: an image has the type that it has.
            always=["bad-request", *ACCESS],
            photo_not_found=(f"/photos/{NOWHERE}/image", f"there is no photo {NOWHERE}"),
            invalid_parameter=(
                f"/photos/{EXAMPLE_ID}/image?width=0",
                f"width='0': a whole number from 1 to {MAX_WIDTH_PIXELS} is needed",
            ),
        ),
        [*IMAGE_PARAMETERS, *IMAGE_HEADERS],
    )
)
