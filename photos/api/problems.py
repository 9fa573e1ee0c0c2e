"""How the errors of photos are answered and documented."""

from photos import errors
from web.problems import Problem, limit

PROBLEMS = (
    Problem(
        "photo-not-found",
        404,
        "There is no such photo.",
        f"there is no photo {'0' * 24}",
        (errors.PhotoNotFound,),
    ),
    Problem(
        "photo-exists",
        409,
        "The same image is there already for the same well and depths.",
        "this image is there already for sample from 9000.0 to 9001.5",
        (errors.PhotoExists,),
    ),
    Problem(
        "photo-changed",
        409,
        "Another request changed the depths of the photo at the same time.",
        "the depths of the photo were changed meanwhile, to 9000.0 to 9001.5; look at it and try"
        " again",
        (errors.PhotoChanged,),
    ),
    Problem(
        "too-many-pixels",
        413,
        "The image has more pixels than `limit`.",
        "the image has 20000 × 20000 = 400000000 pixels, more than the limit of 100000000 pixels",
        (errors.TooManyPixels,),
        limit,
    ),
    Problem(
        "not-a-photo",
        415,
        "The file is not a whole image of a kind that is kept.",
        "the file is not a whole image of one of the kinds JPEG, PNG, TIFF, WEBP",
        (errors.NotAPhoto,),
    ),
)
