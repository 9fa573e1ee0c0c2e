"""Cards: what the pages show of wells, logs and core photos."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.timezone import make_aware

from images.models import ImageLog
from photos.models import CorePhoto

# Brown, the usual colour of borehole images.
COLORMAP = "copper"
# Width and height in pixels.
THUMBNAIL = (120, 240)
SMALL_THUMBNAIL = (64, 88)
LARGE_PICTURE = (600, 1200)
PHOTO_WIDTH = 320
LARGE_PHOTO_WIDTH = 2048


def picture_url(log_id: Any, top: float, base: float, size: tuple[int, int]) -> str:
    """Return the URL of a picture of a log from ``top`` to ``base``, with a contrast stretch."""
    width, height = size
    query = {"log": str(log_id), "format": "png", "colormap": COLORMAP, "stretch": "percentile"}
    window = reverse("get-images", args=[top, base])
    return f"{window}?{urlencode({**query, 'height': height, 'width': width})}"


@dataclass(frozen=True, slots=True)
class WellCard:
    """A well in the list.

    ``facts`` are those of ``GET /wells/``. ``log`` is the row of ``catalogue._first_logs``, None
    for a well without logs.
    """

    facts: Mapping[str, Any]
    log: Mapping[str, Any] | None

    @property
    def counts(self) -> str:
        """The numbers of logs, curves, photos and picks; kinds without any are left out."""
        kinds = {"logs": "image log", "curves": "curve", "photos": "photo", "dips": "pick"}
        counts = ((self.facts[name], word) for name, word in kinds.items())
        return ", ".join(f"{n:,} {word}{'' if n == 1 else 's'}" for n, word in counts if n)

    @property
    def changed_at(self) -> datetime:
        """The time of the last change of the well, or of its latest log."""
        own: datetime = self.facts["changed_at"]
        return own if self.log is None else max(own, make_aware(self.log["latest"], UTC))

    @property
    def thumbnail_url(self) -> str | None:
        """The picture of the first image log; None if there is none."""
        if self.log is None or self.log["kind"] != "image":
            return None
        return picture_url(self.log["log"], self.log["top"], self.log["base"], SMALL_THUMBNAIL)


@dataclass(frozen=True, slots=True)
class LogCard:
    """An image log or a curve."""

    log: ImageLog

    @property
    def facts(self) -> str:
        """The number of traces, their interval, and the share of nulls."""
        rows, interval, nulls = self.log.rows, self.log.sampling_interval, self.log.nulls
        traces = f"{rows:,} trace" if rows == 1 else f"{rows:,} traces"
        unit = f" {self.log.depth_unit}" if self.log.depth_unit else ""
        step = "" if interval is None else f", one every {interval:g}{unit}"
        share = nulls / (rows * self.log.width)
        null = ", all null" if share == 1 else f", {share:.1%} null" if nulls else ""
        return traces + step + null

    @property
    def alt(self) -> str:
        return f"{self.log.name} of well {self.log.well} from {self.log.top} to {self.log.base}"

    @property
    def thumbnail_url(self) -> str:
        return picture_url(self.log.pk, self.log.top, self.log.base, THUMBNAIL)

    @property
    def view_url(self) -> str:
        """The workbench with this log and the picks."""
        tracks = [("track", f"{self.log.kind}*{self.log.pk}"), ("track", "tadpoles*")]
        return f"{reverse('view', args=[self.log.well])}?{urlencode(tracks, safe='*')}"

    @property
    def las_url(self) -> str:
        """The whole log as a LAS file."""
        window = reverse("get-images", args=[self.log.top, self.log.base])
        return f"{window}?{urlencode({'log': str(self.log.pk), 'format': 'las'})}"

    @property
    def url(self) -> str:
        """The whole log as one picture."""
        return picture_url(self.log.pk, self.log.top, self.log.base, LARGE_PICTURE)


@dataclass(frozen=True, slots=True)
class PhotoCard:
    """A core photo."""

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
        """The photo as it was uploaded. For TIFF, which most browsers cannot show, a preview."""
        if self.photo.format == "TIFF":
            return f"{self._image_url}?width={LARGE_PHOTO_WIDTH}"
        return self._image_url

    @property
    def _image_url(self) -> str:
        return str(reverse("photo-image", args=[self.photo.pk]))
