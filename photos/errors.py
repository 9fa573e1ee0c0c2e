"""Errors of photos. Their HTTP statuses are in ``photos.api.problems``."""

from web.errors import RequestError


class NotAPhoto(RequestError):
    """The file is not a whole image of a kind that is kept."""


class TooManyPixels(RequestError):
    """The image has more pixels than ``limit``."""

    def __init__(self, width: int, height: int, limit: int) -> None:
        self.limit = limit
        super().__init__(
            f"the image has {width} × {height} = {width * height} pixels,"
            f" more than the limit of {limit} pixels"
        )


class PhotoNotFound(RequestError):
    """There is no such photo."""


class PhotoExists(RequestError):
    """The same image is there already for the same well and depths."""

    def __init__(self, well: str, top_depth: float, base_depth: float) -> None:
        super().__init__(f"this image is there already for {well} from {top_depth} to {base_depth}")


class PhotoChanged(RequestError):
    """Another request changed the depths of the photo at the same time."""
