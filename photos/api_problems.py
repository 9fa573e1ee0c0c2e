"""What the OpenAPI schema says of the problems that only photos have."""

from collections.abc import Mapping
from functools import partial

from web import problem_docs
from web.problem_docs import Kind

KINDS: Mapping[str, Kind] = {
    "photo-not-found": Kind(404, "There is no such photo.", f"there is no photo {'0' * 24}"),
    "file-missing": Kind(404, "The bytes of the photo are lost.", "there is no stored file core"),
    "photo-exists": Kind(
        409,
        "The same image is there already for the same well and depths.",
        "this image is there already for sample from 9000.0 to 9001.5",
    ),
    "precondition-failed": Kind(
        412,
        "The image is not the one of `If-Match`.",
        'the image is "5d41402abc4b2a76b9719d911017c592" now',
    ),
    "too-many-pixels": Kind(
        413,
        "The image has more pixels than `limit`.",
        "the image has 20000 × 20000 = 400000000 pixels, more than the limit of 100000000 pixels",
    ),
    "not-a-photo": Kind(
        415,
        "The file is no whole image of a kind that is kept, or is something else besides.",
        "the file is not a whole image of one of the kinds JPEG, PNG, TIFF, WEBP",
    ),
    "range-not-satisfiable": Kind(
        416, "The bytes asked for lie beyond the end.", "the image has 48213 bytes"
    ),
}
responses = partial(problem_docs.responses, kinds={**problem_docs.KINDS, **KINDS})
