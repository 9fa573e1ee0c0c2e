"""Serializers and schemas that only describe answers in the OpenAPI schema."""

from typing import ClassVar

from rest_framework import serializers

from images.api.serializers import ImageLogSerializer
from images.render.colour.stretch import STRETCHES
from images.render.colour.values import SCALES
from web.openapi.parameters import one_of, whole
from web.parameters import NUMBER, TEXT

IMAGES = {
    "type": "object",
    "properties": {
        "depth": NUMBER,
        "image": {**TEXT, "format": "byte", "description": "A PNG of one trace, in base64."},
        "log": {**TEXT, "description": "The id of its log, if there are several."},
    },
    "required": ["depth", "image"],
}
WINDOW = {
    "type": "object",
    "properties": {
        "count": whole(1),
        "width": {**whole(1), "nullable": True},
        "colormap": {**TEXT, "nullable": True},
        "unit": {**TEXT, "nullable": True, "description": "Of a log of values."},
        "scale": {**one_of(SCALES), "description": "Of a log of values."},
        "stretch": one_of(STRETCHES),
        "value_range": {
            "type": "array",
            "items": NUMBER,
            "minItems": 2,
            "maxItems": 2,
            "description": "The values of the first and the last colour.",
        },
        "images": {"type": "array", "items": IMAGES},
    },
    "required": ["count", "width", "colormap", "images"],
}


class UploadWarningSerializer(serializers.Serializer):
    """A warning: something in the file was skipped, guessed or converted."""

    code = serializers.CharField()
    detail = serializers.CharField()


class IgnoredColumnSerializer(serializers.Serializer):
    """A column of the file that was ignored, and the reason."""

    column = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()


class UploadedLogSerializer(ImageLogSerializer):
    """An image log. ``created`` is true if the upload made it."""

    created = serializers.BooleanField()
    warnings = UploadWarningSerializer(many=True)

    class Meta(ImageLogSerializer.Meta):
        fields: ClassVar = [*ImageLogSerializer.Meta.fields, "created", "warnings"]


class StatisticsSerializer(serializers.Serializer):
    """Statistics of a log, in its unit.

    A log of grays has a ``histogram``. A log of values has ``count`` and the following members; if
    all values are null, its statistics are null.
    """

    minimum = serializers.FloatField(allow_null=True)
    maximum = serializers.FloatField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    percentiles = serializers.DictField(child=serializers.FloatField())
    histogram = serializers.ListField(
        child=serializers.IntegerField(), min_length=256, max_length=256, required=False
    )
    count = serializers.IntegerField(required=False)
    nulls = serializers.IntegerField(required=False)
    standard_deviation = serializers.FloatField(allow_null=True, required=False)
    quantiles = serializers.ListField(
        child=serializers.FloatField(),
        required=False,
        help_text="From 0 to 100 % in steps of 1 %; empty if all values are null.",
    )


class SamplingSerializer(serializers.Serializer):
    """The depth steps of an image log, null for a log of one depth."""

    median = serializers.FloatField(allow_null=True)
    minimum = serializers.FloatField(allow_null=True)
    maximum = serializers.FloatField(allow_null=True)


class GapSerializer(serializers.Serializer):
    """A gap: the depths of the traces above and below it."""

    top = serializers.FloatField()
    base = serializers.FloatField()


class OverviewSerializer(serializers.Serializer):
    """An overview: each of its traces is the mean of 4^level traces of the log."""

    level = serializers.IntegerField()
    rows = serializers.IntegerField()


class AxisSerializer(serializers.Serializer):
    """The third axis of a log whose columns are not azimuths, for example the time of a waveform.

    ``places`` are the values of the columns on the axis, in ``unit``.
    """

    name = serializers.CharField()
    unit = serializers.CharField(allow_null=True)
    places = serializers.ListField(child=serializers.FloatField())


class DescribedLogSerializer(ImageLogSerializer):
    """An image log and its statistics."""

    statistics = StatisticsSerializer(
        allow_null=True, help_text="Of all pixels; null for logs of early versions."
    )
    sampling = SamplingSerializer(help_text="The steps of depth.")
    gaps = GapSerializer(many=True, help_text="Steps of more than twice the median, at most 100.")
    gap_count = serializers.IntegerField(help_text="Of all gaps, also beyond the first 100.")
    axis = AxisSerializer(allow_null=True, help_text="Null if the columns are azimuths.")
    overviews = OverviewSerializer(many=True, help_text="Coarser copies, the finest first.")

    class Meta(ImageLogSerializer.Meta):
        fields: ClassVar = [
            *ImageLogSerializer.Meta.fields,
            *("statistics", "sampling", "gaps", "gap_count", "axis", "overviews"),
        ]


class MadeLogSerializer(DescribedLogSerializer):
    """A log of a file. ``created`` is true if the upload made it. In a preview it has no id."""

    id = serializers.CharField(allow_null=True)
    images_url = serializers.CharField(allow_null=True)
    created = serializers.BooleanField()

    class Meta(DescribedLogSerializer.Meta):
        fields: ClassVar = [*DescribedLogSerializer.Meta.fields, "created"]


class UploadedLogsSerializer(serializers.Serializer):
    """The contents of an uploaded file."""

    format = serializers.CharField()
    preview = serializers.BooleanField()
    logs = MadeLogSerializer(many=True)
    curves = MadeLogSerializer(many=True)
    warnings = UploadWarningSerializer(many=True)
    ignored = IgnoredColumnSerializer(many=True)


class ColormapSerializer(serializers.Serializer):
    """A colormap of matplotlib."""

    name = serializers.CharField()
    category = serializers.CharField()
    perceptually_uniform = serializers.BooleanField()
    reversed = serializers.CharField()


class ColormapListSerializer(serializers.Serializer):
    """All colormaps, in matplotlib's order."""

    colormaps = ColormapSerializer(many=True)
