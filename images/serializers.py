"""What goes in and out as JSON."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from rest_framework import serializers

from images.models import ImageLog


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
