"""DRF serializer fields with the same grammar of numbers and texts as query parameters."""

import math
from collections.abc import Collection
from typing import Any

from rest_framework import serializers

from web import numbers
from web.parameters import only
from web.text import checked_text


class NumberField(serializers.FloatField):
    """A finite number: a JSON number, or a decimal number as text."""

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
    """One line of text without control characters. Spaces at its ends are removed."""

    allowed = ""

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        try:
            # DRF checks max_length of what is returned. In NFC a text has up to 3 times as many
            # characters.
            return checked_text(text, most=3 * len(text), least=0, allowed=self.allowed)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error


class LinesField(TextField):
    """Lines of text without other control characters."""

    allowed = "\n"


def json_object(data: Any, known: Collection[str]) -> dict[str, Any]:
    """Check that ``data`` is a JSON object whose members are all ``known``, and return it.

    Raises ValidationError for another value, InvalidParameter for an unknown member.
    """
    if not isinstance(data, dict):
        raise serializers.ValidationError({"body": ["A JSON object is needed."]})
    only({name: str(value) for name, value in data.items()}, known)
    return data
