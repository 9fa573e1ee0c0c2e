"""Fields of DRF's serializers that read what URLs read: one grammar of numbers, one of texts."""

import math
from collections.abc import Collection
from typing import Any

from rest_framework import serializers

from web import numbers
from web.parameters import only
from web.text import checked_text


class NumberField(serializers.FloatField):
    """A finite number: a JSON number, or the text of a decimal one."""

    default_error_messages = {"invalid": "A finite decimal number is needed."}  # noqa: RUF012 - DRF's

    def to_internal_value(self, data: Any) -> float:
        try:
            if isinstance(data, str):
                return numbers.decimal(data.strip(" "))
            if isinstance(data, bool) or not isinstance(data, int | float):
                raise ValueError
            value = float(data)
        except (ValueError, OverflowError):
            self.fail("invalid")
        if not math.isfinite(value):
            self.fail("invalid")
        return value


class TextField(serializers.CharField):
    """A text on one line without control characters, with the white space around it removed."""

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        try:
            return checked_text(text, most=len(text), least=0)  # max_length is DRF's to check
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error


def json_object(data: Any, known: Collection[str]) -> dict[str, Any]:
    """A body that is a JSON object with ``known`` members. Raises ValidationError for another body,
    InvalidParameter for the first member that is not known."""
    if not isinstance(data, dict):
        raise serializers.ValidationError({"body": ["A JSON object is needed."]})
    only({name: str(value) for name, value in data.items()}, known)
    return data
