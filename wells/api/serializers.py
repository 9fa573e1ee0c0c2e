"""The JSON of wells, in and out."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework import serializers

from tables.units import DEPTH_UNITS, METRES, length_unit
from web.fields import NumberField, TextField
from web.text import MAX_NAME_CHARACTERS
from wells.listing import COUNTED, OWN
from wells.models import Well

MAX_HOLE_METRES = 5.0


class UnitField(serializers.CharField):
    """A unit of length by any of its usual names; its value is ``m``, ``ft``, …"""

    def __init__(self, units: tuple[str, ...], **kwargs: Any) -> None:
        self.units = units
        super().__init__(max_length=20, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        unit = length_unit(text)
        if unit not in self.units:
            raise serializers.ValidationError(f"{text!r} is none of {', '.join(self.units)}")
        return str(unit)


def _angle(help_text: str) -> NumberField:
    limits = {"min_value": -180, "max_value": 180}
    return NumberField(required=False, allow_null=True, help_text=help_text, **limits)


def check_size(known: Mapping[str, Any], name: str) -> None:
    """Check the size of a hole in the field ``name``, and its unit; None is unknown.

    Raises ValidationError for a size without a unit, or not from 0 to MAX_HOLE_METRES.
    """
    size, unit = known.get(name), known.get(f"{name}_unit")
    if size is None:
        return
    if unit is None:
        reason = f"A {name.replace('_', ' ')} needs its unit."
        raise serializers.ValidationError({f"{name}_unit": reason})
    if not 0 < size * METRES[unit] <= MAX_HOLE_METRES:
        reason = f"{size:g} {unit} is not more than 0 and at most {MAX_HOLE_METRES:g} m"
        raise serializers.ValidationError({name: reason})


class WellForm(serializers.Serializer):
    """What people may say of a well; what is not sent stays as it is, and null is unknown."""

    depth_unit = UnitField(DEPTH_UNITS, required=False, allow_null=True)
    bit_size = NumberField(required=False, allow_null=True)
    bit_size_unit = UnitField(tuple(METRES), required=False, allow_null=True)
    declination = _angle("Degrees, east positive; added to azimuths from magnetic north.")
    grid_convergence = _angle("Degrees, east positive; subtracted from azimuths from true north.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        stored = {
            name: getattr(self.instance, name, None) for name in ("bit_size", "bit_size_unit")
        }
        check_size({**stored, **attrs}, "bit_size")
        return attrs


class NewWellForm(WellForm):
    """A well that is made before anything of it is uploaded."""

    name = TextField(max_length=MAX_NAME_CHARACTERS)


class WellSerializer(serializers.ModelSerializer):
    """A well as the API shows it."""

    id = serializers.CharField(source="pk")
    has_survey = serializers.BooleanField()
    logs = serializers.IntegerField(help_text="Image logs.")
    curves = serializers.IntegerField()
    photos = serializers.IntegerField()
    dips = serializers.IntegerField()
    top = serializers.FloatField(allow_null=True, help_text="Of logs, curves and photos.")
    base = serializers.FloatField(allow_null=True)

    class Meta:
        model = Well
        fields: ClassVar = ["id", *OWN, "has_survey", *COUNTED, "top", "base"]
        read_only_fields = OWN


class StationSerializer(serializers.Serializer):
    """A station, with its position relative to the first one, in the unit of depth."""

    depth = serializers.FloatField(help_text="Along the hole.")
    inclination = serializers.FloatField(help_text="Degrees from straight down, 0 to 180.")
    azimuth = serializers.FloatField(help_text="Degrees clockwise from north, as measured.")
    vertical = serializers.FloatField()
    north = serializers.FloatField()
    east = serializers.FloatField()


class PlaceSerializer(StationSerializer):
    """A place between stations."""

    corrected_azimuth = serializers.FloatField(
        help_text="With the declination and the grid convergence of the well."
    )
    beyond = serializers.BooleanField(help_text="Whether it lies above or below all stations.")


class SurveySerializer(serializers.Serializer):
    """A survey."""

    well = serializers.CharField()
    depth_unit = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()
    top = serializers.FloatField()
    base = serializers.FloatField()
    stations = StationSerializer(many=True)


class PutSurveySerializer(SurveySerializer):
    """A survey that has been put, with warnings."""

    warnings = serializers.ListField(child=serializers.CharField())
