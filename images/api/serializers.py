"""What goes in and out as JSON."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from rest_framework import serializers

from images.models import ImageLog
from images.store.statistics import summary


class ImageLogSerializer(serializers.ModelSerializer):
    """An image log as the API shows it."""

    id = serializers.CharField(source="pk")
    depth_min = serializers.FloatField(source="top")
    depth_max = serializers.FloatField(source="base")
    images_url = serializers.SerializerMethodField()

    class Meta:
        model = ImageLog
        fields: ClassVar = [
            "id",
            "well",
            "filename",
            "sha256",
            "rows",
            "rows_skipped",
            "duplicate_depths",
            "depth_min",
            "depth_max",
            "sampling_interval",
            "source_width",
            "width",
            "created_at",
            "images_url",
        ]

    def get_images_url(self, log: ImageLog) -> str:
        return f"/get-images/{log.top}/{log.base}/?{urlencode({'log': str(log.pk)})}"


def uploaded(log: ImageLog, created: bool) -> dict[str, Any]:
    """The answer to an upload: the image log, and whether it is new."""
    return {**ImageLogSerializer(log).data, "created": created}


def described(log: ImageLog) -> dict[str, Any]:
    """An image log with its statistics, null where they have not been made."""
    statistics = None if log.histogram is None else summary(log.gray_histogram())
    ends = iter(log.gaps)
    return {
        **ImageLogSerializer(log).data,
        "statistics": statistics,
        "sampling": {
            "median": log.sampling_interval,
            "minimum": log.smallest_step,
            "maximum": log.largest_step,
        },
        "gaps": [{"top": top, "base": base} for top, base in zip(ends, ends, strict=True)],
        "gap_count": log.gap_count,
        "overviews": [
            {"level": overview.level, "rows": overview.rows} for overview in log.overviews or []
        ],
    }
