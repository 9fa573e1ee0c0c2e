"""The JSON of picks, in and out."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from dips.picks import history
from dips.planes.fitting import MAX_POINTS, MIN_POINTS
from dips.planes.geometry import Reference
from dips.terms import MAX_COMMENT_CHARACTERS, MAX_QUALITY_CHARACTERS, Basis, DipType, Source
from tables.units import DEPTH_UNITS, METRES
from web.fields import LinesField, NumberField, TextField
from web.parameters import OBJECT_ID
from web.text import MAX_NAME_CHARACTERS
from wells.api.serializers import UnitField, check_size
from wells.survey import MAX_DEPTH

# The ways to give a plane; all fields of one of them are needed.
WAYS = (("points",), ("depth", "height", "azimuth"), ("depth", "true_dip", "true_azimuth"))


@extend_schema_field(
    {"oneOf": [{"type": "number"}, {"type": "string", "maxLength": MAX_QUALITY_CHARACTERS}]}
)
class QualityField(serializers.Field):
    """A number or a short text, as every interpreter has a scale of their own."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, str) and len(data) <= MAX_QUALITY_CHARACTERS and data.isprintable():
            return data
        if isinstance(data, str):
            raise serializers.ValidationError(
                f"A number or at most {MAX_QUALITY_CHARACTERS} printable characters are needed."
            )
        return NumberField().to_internal_value(data)

    def to_representation(self, value: Any) -> Any:
        return value


class PointSerializer(serializers.Serializer):
    """A point on the wall."""

    depth = NumberField(min_value=-MAX_DEPTH, max_value=MAX_DEPTH)
    azimuth = NumberField(min_value=-360, max_value=360)


class DipForm(serializers.Serializer):
    """A plane and its properties. In a change, fields that are not sent stay as they are.

    The plane is either ``points``, or ``depth``, ``height`` and ``azimuth`` of its sinusoid, or
    ``depth``, ``true_dip`` and ``true_azimuth``.
    """

    well = TextField(max_length=MAX_NAME_CHARACTERS, required=False)
    log = serializers.RegexField(OBJECT_ID["pattern"], required=False, allow_null=True)
    points = PointSerializer(
        many=True, required=False, min_length=MIN_POINTS, max_length=MAX_POINTS
    )
    depth = NumberField(required=False, min_value=-MAX_DEPTH, max_value=MAX_DEPTH)
    height = NumberField(
        required=False, min_value=0, max_value=MAX_DEPTH, help_text="Crest to trough."
    )
    azimuth = NumberField(
        required=False, min_value=-360, max_value=360, help_text="Where the sinusoid is deepest."
    )
    true_dip = NumberField(required=False, min_value=0, max_value=90)
    true_azimuth = NumberField(required=False, min_value=-360, max_value=360)
    reference = serializers.ChoiceField(
        [*Reference],
        required=False,
        allow_null=True,
        help_text="What azimuths on the wall are measured from; by default as the log says.",
    )
    diameter = NumberField(required=False, allow_null=True, min_value=1e-6)
    diameter_unit = UnitField(tuple(METRES), required=False, allow_null=True)
    depth_unit = UnitField(DEPTH_UNITS, required=False)
    type = serializers.ChoiceField([*DipType], required=False)
    quality = QualityField(required=False, allow_null=True)
    comment = LinesField(required=False, allow_blank=True, max_length=MAX_COMMENT_CHARACTERS)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        sent = attrs.keys() & {name for way in WAYS for name in way}
        if not any(sent <= {*way} if self.partial else sent == {*way} for way in WAYS):
            several = "; or ".join(", ".join(way) for way in WAYS)
            reason = f"A plane is one of: {several}. Sent: {', '.join(sorted(sent)) or 'none'}."
            raise serializers.ValidationError({"points": reason})
        check_size({**(self.instance or {}), **attrs}, "diameter")
        return attrs


class DipSerializer(serializers.Serializer):
    """A pick as the API shows it. Null is unknown, and ``reason`` says why."""

    id = serializers.CharField(allow_null=True)
    well = serializers.CharField()
    log = serializers.CharField(allow_null=True)
    type = serializers.ChoiceField([*DipType])
    basis = serializers.ChoiceField([*Basis], help_text="How the plane was given.")
    depth = serializers.FloatField(help_text="Where the plane cuts the axis of the hole.")
    depth_unit = serializers.CharField(allow_null=True)
    height = serializers.FloatField(allow_null=True, help_text="Crest to trough, as depths.")
    apparent_dip = serializers.FloatField(allow_null=True)
    apparent_azimuth = serializers.FloatField(allow_null=True)
    hole_inclination = serializers.FloatField(allow_null=True)
    hole_azimuth = serializers.FloatField(allow_null=True)
    true_dip = serializers.FloatField(allow_null=True)
    true_azimuth = serializers.FloatField(allow_null=True)
    diameter = serializers.FloatField(allow_null=True)
    diameter_unit = serializers.CharField(allow_null=True)
    diameter_source = serializers.ChoiceField(["caliper", "bit size", "given"], allow_null=True)
    caliper = serializers.CharField(allow_null=True, help_text="The curve of the diameter.")
    reference = serializers.ChoiceField([*Reference], allow_null=True)
    reason = serializers.CharField(allow_null=True, help_text="Why something is null.")
    points = PointSerializer(many=True, allow_null=True)
    residual = serializers.FloatField(
        allow_null=True, help_text="Root of the mean square, in the unit of depth."
    )
    covariance = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField()),
        allow_null=True,
        help_text="Of z0, a, b in z = z0 + a cos + b sin; null with three points.",
    )
    quality = QualityField(allow_null=True, help_text="A number or a word.")
    comment = serializers.CharField(allow_blank=True)
    author = serializers.CharField(allow_blank=True)
    editor = serializers.CharField(allow_blank=True, help_text="Who changed it last.")
    source = serializers.ChoiceField([*Source])
    revision = serializers.IntegerField(help_text="As in `ETag`.")
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    recomputed_at = serializers.DateTimeField(
        allow_null=True, help_text="When the well was changed after the pick."
    )


class RestoredDipSerializer(DipSerializer):
    """A pick of a list; with ``structural``, as it was before the beds were tilted."""

    restored_dip = serializers.FloatField(required=False, allow_null=True)
    restored_azimuth = serializers.FloatField(required=False, allow_null=True)


class NewDipSerializer(DipSerializer):
    """A pick that has been kept, with warnings."""

    warnings = serializers.ListField(child=serializers.CharField())


class FitSerializer(NewDipSerializer):
    """A pick that has not been kept, and its trace on the wall."""

    trace = PointSerializer(many=True, help_text="For drawing: a point every ten degrees.")
    residuals = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="Of each point, as depths."
    )
    weights = serializers.ListField(
        child=serializers.FloatField(),
        allow_null=True,
        help_text="What each point counted, 0 to 1.",
    )


class EventSerializer(serializers.Serializer):
    """An event of a pick, and the pick after it."""

    act = serializers.ChoiceField([*history.ACTS])
    at = serializers.DateTimeField(allow_null=True)
    by = serializers.CharField(allow_blank=True)
    revision = serializers.IntegerField(required=False)
    dip = DipSerializer(required=False)


class HistorySerializer(serializers.Serializer):
    """The last events of a pick, the newest first, and how many there are in all."""

    count = serializers.IntegerField()
    results = EventSerializer(many=True)


class FaultSerializer(serializers.Serializer):
    """A fault of a file."""

    line = serializers.IntegerField()
    column = serializers.CharField(allow_null=True)
    value = serializers.CharField(allow_null=True)
    reason = serializers.CharField()


class ImportSerializer(serializers.Serializer):
    """The result of an import, or of its preview."""

    preview = serializers.BooleanField()
    id = serializers.CharField(allow_null=True, help_text="Of the import.")
    created = serializers.BooleanField(help_text="False for a file that has been imported before.")
    well = serializers.CharField()
    count = serializers.IntegerField(help_text="Picks.")
    basis = serializers.ChoiceField([*Basis])
    columns = serializers.DictField(
        child=serializers.CharField(), help_text="Which column was taken for what."
    )
    ignored = serializers.ListField(child=serializers.CharField(), help_text="Other columns.")
    depth_unit = serializers.CharField(allow_null=True)
    top = serializers.FloatField(allow_null=True)
    base = serializers.FloatField(allow_null=True)
    differences = serializers.DictField(
        child=serializers.FloatField(),
        help_text="By how many degrees, at most, dips of the file differ from those computed.",
    )
    warnings = serializers.ListField(child=serializers.CharField())
    errors = FaultSerializer(many=True, help_text="The first faults; nothing is kept with any.")
    total_errors = serializers.IntegerField()
    dips = DipSerializer(many=True, help_text="The first picks.")


class MeanSerializer(serializers.Serializer):
    """The mean plane, and how closely the planes lie around it."""

    dip = serializers.FloatField()
    azimuth = serializers.FloatField(allow_null=True)
    pole_plunge = serializers.FloatField()
    pole_trend = serializers.FloatField(allow_null=True)
    resultant = serializers.FloatField(help_text="R / n, 0 to 1.")
    concentration = serializers.FloatField(allow_null=True, help_text="Fisher's kappa.")
    confidence = serializers.FloatField(
        allow_null=True, help_text="Half angle of the cone of 95 %, degrees."
    )


class PartSerializer(serializers.Serializer):
    """The statistics of some picks, with and without Terzaghi's weights."""

    count = serializers.IntegerField()
    count_with_true_dip = serializers.IntegerField()
    mean = MeanSerializer(allow_null=True)
    mean_terzaghi = MeanSerializer(allow_null=True)
    spacing_mean = serializers.FloatField(allow_null=True, help_text="Along the hole.")
    spacing_median = serializers.FloatField(allow_null=True)
    p10 = serializers.FloatField(allow_null=True, help_text="Picks in a unit of depth.")
    spacing_mean_terzaghi = serializers.FloatField(allow_null=True, help_text="Across the planes.")
    p10_terzaghi = serializers.FloatField(allow_null=True)


class IntervalSerializer(PartSerializer):
    """The statistics of an interval, of all picks and type by type."""

    well = serializers.CharField()
    top = serializers.FloatField(allow_null=True)
    base = serializers.FloatField(allow_null=True)
    depth_unit = serializers.CharField(allow_null=True)
    types = serializers.DictField(child=PartSerializer())
