"""The OpenAPI description of each endpoint of photos, as decorators of the views.

The examples are requests that work once there is a photo under each of EXAMPLE_IDS, of the media
type there.
"""

import io
import json
from functools import partial
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_view
from PIL import Image
from rest_framework import serializers

from photos.api.parameters import PHOTO_LIST, WIDTH
from photos.api.serializers import PhotoSerializer
from photos.decoding import FORMATS, MAX_WIDTH_PIXELS
from photos.models import MAX_CAPTION_CHARACTERS
from web.conditions import REVALIDATE
from web.openapi.operations import (
    ACCESS,
    BINARY,
    FORM,
    JSON,
    UPLOAD,
    answer,
    body,
    by_id,
    deleted,
    fails,
    file_in_parts,
    form,
    if_match,
    invalid,
    made_or_found,
    operation,
    page,
    tagged,
)
from web.openapi.parameters import header
from web.parameters import NUMBER, TEXT, WELL_NAME

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
    **json.loads("""{
        "caption": "sandstone", "format": "JPEG", "width": 6000, "height": 4000,
        "size_bytes": 7340032,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "uploaded_at": "2026-01-31T12:00:00Z"
    }"""),
    "image_url": f"/photos/{EXAMPLE_ID}/image",
}


class UploadedPhotoSerializer(PhotoSerializer):
    """A photo, and whether the upload made it."""

    created = serializers.BooleanField()

    class Meta(PhotoSerializer.Meta):
        fields: ClassVar = [*PhotoSerializer.Meta.fields, "created"]


CHANGES: dict[str, dict[str, Any]] = {
    "top_depth": NUMBER,
    "base_depth": NUMBER,
    "caption": {**TEXT, "maxLength": MAX_CAPTION_CHARACTERS},
}


def _example_file() -> str:
    """An image that an example, which is text, can hold: a TIFF of one pixel is all ASCII."""
    file = io.BytesIO()
    Image.new("L", (1, 1), 64).save(file, "TIFF")
    return file.getvalue().decode("ascii")


def _form(example: dict[str, Any], *required: str) -> Any:
    """A form with a photo. Swagger UI fills in the examples, or else the word "string"."""
    texts = {"well": WELL_NAME, **CHANGES}
    shown = {name: {**of, "example": example.get(name, "")} for name, of in texts.items()}
    fields = {"photo": BINARY, **shown}
    example = {"photo": _example_file(), **example}
    return form(fields, example, *required, photo=", ".join(MEDIA_TYPES)) | fails(*UPLOAD)


def _change(media_type: str) -> Any:
    """Other depths or another caption."""
    schema = {"type": "object", "properties": CHANGES, "additionalProperties": False}
    return body(media_type, schema, {"top_depth": 8999.5, "caption": "sandstone"})


PHOTO_ID = partial(by_id, "photo-not-found", "photo", EXAMPLE_ID)
BY_ID = PHOTO_ID("/photos/{}/")
TAGGED = tagged("Strong; of the photo as it is, for `If-Match` in a change.")
IF_MATCH = if_match("precondition-failed")
CHANGED = (
    answer(PhotoSerializer, "The photo as it is now.", example=EXAMPLE_PHOTO)
    | fails("photo-exists", "photo-changed")
    | TAGGED
    | IF_MATCH
)
DECODED = fails("too-many-pixels", "not-a-photo", "needs-too-much-memory", "busy")

PHOTOS = extend_schema_view(
    get=operation(
        "photos",
        "Find photos. Those that overlap a range of depth, by well and depth, page by page.",
        *PHOTO_LIST,
        page(PhotoSerializer, EXAMPLE_PHOTO),
        invalid("/photos/?min=9010&max=9000", "min='9010': the range is reversed: max is 9000"),
    ),
    post=operation(
        "upload_photo",
        "Upload a photo. A whole JPEG (of an MPO the first frame), PNG, TIFF or WebP, whatever its"
        " name says. The same bytes sent again to the same well and depths give the photo that is"
        " there already, with `created` false.",
        _form({**EXAMPLE_PLACE, "caption": "sandstone"}, "photo", *EXAMPLE_PLACE),
        made_or_found(UploadedPhotoSerializer, "photo", EXAMPLE_PHOTO),
        DECODED,
    ),
)

PHOTO = extend_schema_view(
    get=operation(
        "photo",
        "Get a photo. Its well and depths, and the properties of the image at `image_url`.",
        BY_ID | TAGGED,
        answer(PhotoSerializer, "The photo.", f"/photos/{EXAMPLE_ID}/"),
    ),
    put=operation(
        "replace_photo",
        "Replace the image. Fields that are not sent stay as they are.",
        BY_ID,
        _form({"caption": "sandstone, cleaned"}, "photo"),
        CHANGED | DECODED,
    ),
    patch=operation(
        "change_photo",
        "Change depths or caption. Fields that are not sent stay as they are.",
        BY_ID,
        *(_change(media_type) for media_type in (JSON, FORM, "application/x-www-form-urlencoded")),
        CHANGED | fails("upload-too-large", "no-room-for-upload"),
    ),
    delete=operation(
        "delete_photo",
        "Delete a photo. Its image goes with it.",
        BY_ID | IF_MATCH | deleted(),
    ),
)

IMAGE = extend_schema_view(
    get=operation(
        "photo_image",
        "Get the image. The bytes as they were uploaded, whole or in part, or a thumbnail.",
        PHOTO_ID("/photos/{}/image"),
        WIDTH,
        file_in_parts(
            {
                media_type: f"/photos/{photo_id}/image"
                for media_type, photo_id in EXAMPLE_IDS.items()
            },
            "Strong; of the image its SHA-256, of each thumbnail its own.",
            f"`{REVALIDATE}`: kept, and asked for each time.",
        ),
        if_match("precondition-failed"),
        header("Content-Disposition", "`inline`, with the name of the file.", 200, 206),
        header("Content-Security-Policy", "`default-src 'none'; sandbox`.", 200, 206),
        header("X-Content-Type-Options", "`nosniff`.", 200, 206, 304),
        fails("file-missing", "busy", "needs-too-much-memory", "no-room-for-upload", "not-a-photo"),
        invalid(
            f"/photos/{EXAMPLE_ID}/image?width=0",
            f"width='0': a whole number from 1 to {MAX_WIDTH_PIXELS} is needed",
        ),
        # The type of an image is fixed, so the Accept header cannot cause a 406.
        always=("bad-request", *ACCESS, "storage-unavailable"),
    )
)
