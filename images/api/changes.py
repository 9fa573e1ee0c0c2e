"""Validate and apply the changes of PATCH /logs/<id>/."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from pymongo.errors import DuplicateKeyError
from rest_framework import serializers

from images.errors import LogExists, LogNotFound
from images.models import ImageLog
from storage.errors import translated
from web import conditions, parameters
from web.errors import PreconditionFailed
from web.fields import NumberField, TextField
from web.text import MAX_NAME_CHARACTERS
from wells.models import with_well

MAX_DEPTH_UNIT_CHARACTERS = 20


class StrictBooleanField(serializers.BooleanField):
    """Accepts only ``true`` and ``false``; DRF also accepts ``1``, ``"yes"`` and others."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class LogChange(serializers.Serializer):
    """The fields of a log that can be changed. Null means not known."""

    well = TextField(max_length=MAX_NAME_CHARACTERS)
    name = TextField(max_length=MAX_NAME_CHARACTERS)
    unit = TextField(max_length=MAX_NAME_CHARACTERS, allow_null=True)
    depth_unit = TextField(max_length=MAX_DEPTH_UNIT_CHARACTERS, allow_null=True)
    first_azimuth = NumberField(min_value=0, max_value=360, allow_null=True)
    clockwise = StrictBooleanField(allow_null=True)
    azimuth_reference = serializers.ChoiceField(ImageLog.Reference.choices, allow_null=True)

    def validate_well(self, well: str) -> str:
        """Return the name of the well with this name or id."""
        return parameters.well(well)


EDITABLE = tuple(LogChange().fields)


def read(data: Any) -> dict[str, Any]:
    """Validate the fields of a change. Raises ValidationError; InvalidParameter for other fields.

    ``data`` is the parsed body of a request.
    """
    form = LogChange(data=data, partial=True)
    form.is_valid(raise_exception=True)
    parameters.only({str(name): str(value) for name, value in data.items()}, EDITABLE)
    return dict(form.validated_data)


def etag(log: ImageLog) -> str:
    """Return the ETag of ``GET /logs/<id>/``, made from everything that can change."""
    facts = [*_editable(log).values(), log.lacks_statistics, log.gap_count]
    return conditions.etag(str(log.pk), repr([*facts, log.file_ids]))


def required(log: ImageLog, request: HttpRequest) -> Mapping[str, Any]:
    """Check If-Match. Returns the MongoDB query for a change on this condition.

    Raises PreconditionFailed.
    """
    return conditions.required(request, etag(log), _editable(log))


def _editable(log: ImageLog) -> dict[str, Any]:
    return {name: getattr(log, name) for name in EDITABLE}


@translated()
def change(log: ImageLog, fields: Mapping[str, Any], request: HttpRequest) -> ImageLog:
    """Change the given fields of a log in one atomic update, on the condition of If-Match.

    Returns the log as it is then; a request that deletes it may follow at once.

    Raises PreconditionFailed, LogExists, LogNotFound, StorageUnavailable.
    """
    where = {**required(log, request), "state": ImageLog.State.READY}
    if not fields:
        return log

    def write() -> ImageLog:
        changed = log.changed(where, **fields)
        if changed is None:
            raise gone_or_changed(log)
        return changed

    try:
        return with_well(fields.get("well"), write)
    except DuplicateKeyError as error:
        raise LogExists("the well has a log of this name from the same file already") from error


def gone_or_changed(log: ImageLog) -> LogNotFound | PreconditionFailed:
    """Return the reason why a conditional update of a log matched nothing."""
    if log.is_still_ready():
        return PreconditionFailed("the log was changed meanwhile")
    return LogNotFound(f"there is no image log {log.pk}")
