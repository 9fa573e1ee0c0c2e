"""The errors of photos as problem documents: they are answered and documented from here."""

from photos import errors
from web.problems import Problem, limit

PROBLEMS = (
    Problem(errors.PhotoNotFound, 404, f"there is no photo {'0' * 24}"),
    Problem(
        errors.PhotoExists, 409, "this image is there already for sample from 9000.0 to 9001.5"
    ),
    Problem(
        errors.PhotoChanged,
        409,
        "the depths of the photo were changed meanwhile, to 9000.0 to 9001.5; look at it and try"
        " again",
    ),
    Problem(
        errors.TooManyPixels,
        413,
        "the image has 20000 × 20000 = 400000000 pixels, more than the limit of 100000000 pixels",
        limit,
    ),
    Problem(
        errors.NotAPhoto,
        415,
        "the file is not a whole image of one of the kinds JPEG, PNG, TIFF, WEBP",
    ),
)
