"""What the page shows of one image log or core photo: words, a thumbnail, a larger picture."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from images.models import ImageLog
from photos.models import CorePhoto

# Brown, as geologists know images of borehole walls.
COLORMAP = "copper"
# Pixels across and down.
STRIP = (120, 240)
WINDOW = (600, 1200)
PHOTO_WIDTH = 320
LARGE_PHOTO_WIDTH = 2048


@dataclass(frozen=True, slots=True)
class LogCard:
    """An image log on the page."""

    log: ImageLog

    @property
    def facts(self) -> str:
        """How many traces there are, and how far apart."""
        rows, interval = self.log.rows, self.log.sampling_interval
        traces = f"{rows:,} trace" if rows == 1 else f"{rows:,} traces"
        return traces if interval is None else f"{traces}, one every {interval}"

    @property
    def alt(self) -> str:
        return f"Borehole wall of well {self.log.well} from {self.log.top} to {self.log.base}"

    @property
    def thumbnail_url(self) -> str:
        return self._picture_url(*STRIP)

    @property
    def url(self) -> str:
        """The whole log as one picture."""
        return self._picture_url(*WINDOW)

    def _picture_url(self, width: int, height: int) -> str:
        window = reverse("get-images", args=[self.log.top, self.log.base])
        query = {"log": str(self.log.pk), "format": "png", "colormap": COLORMAP}
        return f"{window}?{urlencode({**query, 'height': height, 'width': width})}"


@dataclass(frozen=True, slots=True)
class PhotoCard:
    """A core photo on the page."""

    photo: CorePhoto

    @property
    def alt(self) -> str:
        photo = self.photo
        what = photo.caption or "Core"
        return f"{what}, well {photo.well} from {photo.top_depth} to {photo.base_depth}"

    @property
    def thumbnail_url(self) -> str:
        return f"{self._image_url}?width={PHOTO_WIDTH}"

    @property
    def url(self) -> str:
        """The photo as it was uploaded; no TIFF, for most browsers show none."""
        if self.photo.format == "TIFF":
            return f"{self._image_url}?width={LARGE_PHOTO_WIDTH}"
        return self._image_url

    @property
    def _image_url(self) -> str:
        return str(reverse("photo-image", args=[self.photo.pk]))
