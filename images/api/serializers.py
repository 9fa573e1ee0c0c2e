"""Serialize image logs as JSON."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from rest_framework import serializers

from images.embedded import MOMENTS
from images.models import ImageLog
from images.store.statistics import PERCENTILES, summary

ABOUT = {
    "well": "The name of the well.",
    "name": "The mnemonic of the log.",
    "kind": "An image has several columns, a curve has one.",
    "unit": "The unit of the values; null if not known, and for grays.",
    "values": "Grays from 0 to 255, or values in the unit.",
    "filename": "The name of the file that was uploaded.",
    "sha256": "Of that file.",
    "rows": "Traces.",
    "rows_skipped": "Lines of the file that gave no trace.",
    "duplicate_depths": "Traces at the depth of the one before.",
    "sampling_interval": "The median step of depth; null for a log of one depth.",
    "depth_unit": "Null if the file did not name it.",
    "source_width": "Columns of the file; `width` is what they were resized to.",
    "width": "Columns, which go once around the hole unless the log has an `axis`.",
    "nulls": "Pixels without a value.",
    "first_azimuth": "The azimuth of the first column in degrees; null if not known.",
    "clockwise": "The direction of the columns, looking down the hole; null if not known.",
    "azimuth_reference": "What azimuths are counted from; null if not known.",
    "created_at": "When it was uploaded, in UTC.",
}


class ImageLogSerializer(serializers.ModelSerializer):
    """An image log as the API shows it."""

    id = serializers.CharField(source="pk", help_text="24 hexadecimal digits.")
    depth_min = serializers.FloatField(source="top", help_text="The first depth, the shallowest.")
    depth_max = serializers.FloatField(source="base", help_text="The last depth, the deepest.")
    images_url = serializers.SerializerMethodField()

    class Meta:
        model = ImageLog
        fields: ClassVar = [
            *("id", "well", "name", "kind", "unit", "values", "filename", "sha256", "rows"),
            *("rows_skipped", "duplicate_depths", "depth_min", "depth_max", "sampling_interval"),
            *("depth_unit", "source_width", "width", "nulls", "first_azimuth", "clockwise"),
            *("azimuth_reference", "created_at", "images_url"),
        ]
        extra_kwargs: ClassVar = {name: {"help_text": text} for name, text in ABOUT.items()}

    def get_images_url(self, log: ImageLog) -> str:
        """The address of all traces as JSON."""
        return f"/get-images/{log.top}/{log.base}/?{urlencode({'log': str(log.pk)})}"


def uploaded(log: ImageLog, created: bool) -> dict[str, Any]:
    """Return a log and whether it is new, as the answer to an upload."""
    return {**ImageLogSerializer(log).data, "created": created}


def described(log: ImageLog) -> dict[str, Any]:
    """Return a log with its statistics, as in DescribedLogSerializer."""
    return {**ImageLogSerializer(log).data, **details(log)}


def details(log: ImageLog) -> dict[str, Any]:
    """Return what DescribedLogSerializer adds to ImageLogSerializer."""
    ends = iter(log.gaps)
    return {
        "statistics": None if log.lacks_statistics else _statistics(log),
        "sampling": {
            "median": log.sampling_interval,
            "minimum": log.smallest_step,
            "maximum": log.largest_step,
        },
        "gaps": [{"top": top, "base": base} for top, base in zip(ends, ends, strict=True)],
        "gap_count": log.gap_count,
        "axis": _axis(log),
        "overviews": [
            {"level": overview.level, "rows": overview.rows} for overview in log.overviews or []
        ],
    }


def _axis(log: ImageLog) -> dict[str, Any] | None:
    """The third axis of the log; None if its columns are azimuths."""
    axis = log.axis
    return axis and {"name": axis.name, "unit": axis.unit, "places": axis.places}


def _statistics(log: ImageLog) -> dict[str, Any]:
    """The statistics of a log, as in StatisticsSerializer."""
    if log.values == ImageLog.Values.GRAYS:
        return summary(log.gray_histogram())
    values, stored = log.value_summary(), log.statistics
    percentiles = {
        str(p): float(values.quantiles[round((len(values.quantiles) - 1) * p / 100)])
        for p in (PERCENTILES if values.count else ())
    }
    return {
        "count": values.count,
        "nulls": values.nulls,
        **{name: getattr(stored, name) for name in MOMENTS},
        "percentiles": percentiles,
        "quantiles": values.quantiles[::10].tolist() if values.count else [],
    }
