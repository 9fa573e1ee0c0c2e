"""What a page shows of a well, a log or a core photo: words, a thumbnail, a larger picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.timezone import make_aware

from images.models import ImageLog
from photos.models import CorePhoto

# Brown, as geologists know images of borehole walls.
COLORMAP = "copper"
# Pixels across and down.
STRIP = (120, 240)
SMALL_STRIP = (64, 88)
WINDOW = (600, 1200)
PHOTO_WIDTH = 320
LARGE_PHOTO_WIDTH = 2048
# Of a survey, in a table.
STATIONS = 200


def strip_url(log_id: Any, top: float, base: float, size: tuple[int, int]) -> str:
    """The picture of a log from ``top`` to ``base``, stretched so that something is seen."""
    width, height = size
    query = {"log": str(log_id), "format": "png", "colormap": COLORMAP, "stretch": "percentile"}
    window = reverse("get-images", args=[top, base])
    return f"{window}?{urlencode({**query, 'height': height, 'width': width})}"


@dataclass(frozen=True, slots=True)
class WellCard:
    """A well in the list; ``facts`` are those of the API, ``log`` is what is shown of its logs."""

    facts: Mapping[str, Any]
    log: Mapping[str, Any] | None

    @property
    def counts(self) -> str:
        """How many there are of each kind, those of which there is none left out."""
        kinds = {"logs": "image log", "curves": "curve", "photos": "photo", "dips": "pick"}
        counts = ((self.facts[name], word) for name, word in kinds.items())
        return ", ".join(f"{n:,} {word}{'' if n == 1 else 's'}" for n, word in counts if n)

    @property
    def changed_at(self) -> datetime:
        """When the well was changed or a log was stored in it."""
        own: datetime = self.facts["changed_at"]
        return own if self.log is None else max(own, make_aware(self.log["latest"], UTC))

    @property
    def strip_url(self) -> str | None:
        if self.log is None or self.log["kind"] != "image":
            return None
        return strip_url(self.log["log"], self.log["top"], self.log["base"], SMALL_STRIP)


@dataclass(frozen=True, slots=True)
class LogCard:
    """An image log or a curve."""

    log: ImageLog

    @property
    def facts(self) -> str:
        """How many traces there are, how far apart, and how many values are null."""
        rows, interval, nulls = self.log.rows, self.log.sampling_interval, self.log.nulls
        traces = f"{rows:,} trace" if rows == 1 else f"{rows:,} traces"
        apart = "" if interval is None else f", one every {interval:g}"
        share = nulls / (rows * self.log.width)
        null = ", all null" if share == 1 else f", {share:.1%} null" if nulls else ""
        return traces + apart + null

    @property
    def alt(self) -> str:
        return f"{self.log.name} of well {self.log.well} from {self.log.top} to {self.log.base}"

    @property
    def thumbnail_url(self) -> str:
        return strip_url(self.log.pk, self.log.top, self.log.base, STRIP)

    @property
    def view_url(self) -> str:
        """The workbench with the log, and the dips beside it."""
        tracks = [("track", f"{self.log.kind}*{self.log.pk}"), ("track", "tadpoles*")]
        return f"{reverse('view', args=[self.log.well])}?{urlencode(tracks, safe='*')}"

    @property
    def url(self) -> str:
        """The whole log as one picture."""
        return strip_url(self.log.pk, self.log.top, self.log.base, WINDOW)


@dataclass(frozen=True, slots=True)
class SurveyCard:
    """The deviation survey of a well, as the API shows it."""

    facts: Mapping[str, Any]

    @property
    def stations(self) -> Sequence[Mapping[str, float]]:
        """The first stations, with their places."""
        shown: Sequence[Mapping[str, float]] = self.facts["stations"][:STATIONS]
        return shown

    @property
    def left_out(self) -> int:
        """How many more there are."""
        return int(self.facts["count"]) - len(self.stations)

    @property
    def steepest(self) -> float:
        """The largest inclination, degrees."""
        return max(station["inclination"] for station in self.facts["stations"])


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
        """The photo as it was uploaded; no TIFF, for most browsers show none."""
        if self.photo.format == "TIFF":
            return f"{self._image_url}?width={LARGE_PHOTO_WIDTH}"
        return self._image_url

    @property
    def _image_url(self) -> str:
        return str(reverse("photo-image", args=[self.photo.pk]))
