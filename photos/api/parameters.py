"""The query parameters of photos."""

from photos.decoding import MAX_WIDTH_PIXELS
from web.parameters import PAGE, Parameter

PHOTO_LIST = (
    Parameter.well("Only photos of this well."),
    Parameter.depth("min", "Only photos that reach to this depth, or deeper.", "?min=9000.5"),
    Parameter.depth("max", "Only photos that begin at this depth, or above.", "?max=9010"),
    *PAGE,
)
WIDTH = Parameter.whole(
    "width",
    "A thumbnail of up to so many pixels across, the right way up and never larger than the photo:"
    " a PNG where there is transparency, else a JPEG.",
    "?width=300",
    1,
    MAX_WIDTH_PIXELS,
)
