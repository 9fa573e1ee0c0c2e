"""Changes of a log: its names and units, and the azimuths of its columns."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from pymongo.errors import DuplicateKeyError
from rest_framework import serializers

from images.errors import LogExists, LogNotFound
from images.models import ImageLog
from storage.errors import translated
from web import caching, conditions, parameters
from web.errors import PreconditionFailed
from web.fields import NumberField, TextField
from web.text import MAX_NAME_CHARACTERS
from wells.models import Well

MAX_DEPTH_UNIT_CHARACTERS = 20


class TrueOrFalse(serializers.BooleanField):
    """JSON's ``true`` and ``false``; DRF takes ``1``, ``"yes"`` and more for them."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class LogChange(serializers.Serializer):
    """What can be changed of an image log. Null is for what is not known."""

    well = TextField(max_length=parameters.MAX_WELL_CHARACTERS)
    name = TextField(max_length=MAX_NAME_CHARACTERS)
    unit = TextField(max_length=MAX_NAME_CHARACTERS, allow_null=True)
    depth_unit = TextField(max_length=MAX_DEPTH_UNIT_CHARACTERS, allow_null=True)
    first_azimuth = NumberField(min_value=0, max_value=360, allow_null=True)
    clockwise = TrueOrFalse(allow_null=True)
    azimuth_reference = serializers.ChoiceField(ImageLog.Reference.choices, allow_null=True)

    def validate_well(self, well: str) -> str:
        """The name of a well that is given by its name or its id."""
        return parameters.well(well)


EDITABLE = tuple(LogChange().fields)


def read(data: Any) -> dict[str, Any]:
    """The fields of a change. Raises ValidationError, InvalidParameter for an unknown field."""
    form = LogChange(data=data, partial=True)
    form.is_valid(raise_exception=True)
    parameters.only({str(name): str(value) for name, value in data.items()}, EDITABLE)
    return dict(form.validated_data)


def etag(log: ImageLog) -> str:
    """The ETag of ``GET /logs/<id>/``, from all that can change."""
    facts = [*_editable(log).values(), log.lacks_statistics, log.gap_count]
    return caching.etag(str(log.pk), repr([*facts, log.file_ids]))


def required(log: ImageLog, request: HttpRequest) -> Mapping[str, Any]:
    """The condition of a change, from If-Match. Raises PreconditionFailed."""
    return conditions.required(request, etag(log), _editable(log))


def _editable(log: ImageLog) -> dict[str, Any]:
    return {name: getattr(log, name) for name in EDITABLE}


@translated()
def change(log: ImageLog, fields: Mapping[str, Any], request: HttpRequest) -> None:
    """Change these fields of a ready ``log`` and no others.

    With ``If-Match`` only if the log is what the client read, until the instant of the change.

    Raises PreconditionFailed, LogExists, LogNotFound, StorageUnavailable.
    """
    where = {**required(log, request), "state": ImageLog.State.READY}
    if "well" in fields:
        Well.ensure(fields["well"])
    if not fields:
        return
    try:
        if not log.change(where, **fields):
            raise gone_or_changed(log)
    except DuplicateKeyError as error:
        raise LogExists("the well has a log of this name from the same file already") from error


def gone_or_changed(log: ImageLog) -> LogNotFound | PreconditionFailed:
    """Why a log was not what was required of it."""
    if ImageLog.objects.filter(pk=log.pk, state=ImageLog.State.READY).exists():
        return PreconditionFailed("the log was changed meanwhile")
    return LogNotFound(f"there is no image log {log.pk}")
