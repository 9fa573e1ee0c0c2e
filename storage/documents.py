"""The documents of models, read and written with pymongo: a request is one command of MongoDB."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

import pymongo
from bson.codec_options import CodecOptions
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, models
from django.utils import timezone
from pymongo import WriteConcern
from pymongo.collection import Collection

from storage.errors import StorageUnavailable, cause, translated

Result = TypeVar("Result")
Row = TypeVar("Row", bound=models.Model)
# pymongo would send the write concern of the collection with each command of a bound session.
# MongoDB takes it with the commit only.
_write_concern: ContextVar[WriteConcern | None] = ContextVar("write concern", default=None)
WITH_UTC: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True, tzinfo=UTC)


def collection(model: type[models.Model]) -> Collection[Any]:
    """The collection of a model. It reads times with the time zone UTC, as Django does."""
    found: Collection[Any] = connection.database.get_collection(
        model._meta.db_table, WITH_UTC, write_concern=_write_concern.get()
    )
    return found


def known(model: Any, document: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a document by the attributes of its model, in the order of the model.

    Fields that this version does not know are left out, so that a newer one may add some.
    """
    names = _attributes(model)
    return {name: document[column] for column, name in names.items() if column in document}


def loaded(model: type[Row], document: Mapping[str, Any]) -> Row:
    """The row of a document as Django loads it. Fields that it lacks are read when used."""
    values = known(model, document)
    return model.from_db(DEFAULT_DB_ALIAS, [*values], [*values.values()])


def as_document(row: models.Model) -> dict[str, Any]:
    """The document of a new row, without its key."""
    return {
        field.column: field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }


@cache
def _attributes(model: Any) -> dict[str, str]:
    """The attributes of a model by the names of the fields of its documents."""
    return {field.column: field.attname for field in model._meta.concrete_fields}


def without(queryset: models.QuerySet[Any], *fields: str) -> models.QuerySet[Any]:
    """``queryset`` without some large fields, which are not sent by MongoDB either.

    With ``defer`` alone the backend fetches whole documents: it projects where there is an
    annotation.
    """
    return queryset.defer(*fields).annotate(without_large_fields=models.Value(True))


def now() -> datetime:
    """The time in whole milliseconds, as MongoDB keeps it."""
    time = timezone.now()
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


@translated()
def in_transaction(write: Callable[[], Result]) -> Result:
    """What ``write`` returns. All that it writes to MongoDB is kept, or nothing if it raises.

    It is called again after another write came in between or the primary was lost; all attempts
    together have the time limit of one operation. Only what goes through ``collection`` can be in
    it, so no GridFS file. Raises StorageUnavailable.
    """

    def attempt(_: object) -> Result:
        try:
            return write()
        except (StorageUnavailable, DatabaseError) as error:
            # Only errors of pymongo say whether to try again.
            raise cause(error) from None

    client = connection.database.client
    before = _write_concern.set(WriteConcern())
    try:
        with pymongo.timeout(client.options.timeout), client.start_session().bind() as session:
            result: Result = session.with_transaction(attempt)
            return result
    finally:
        _write_concern.reset(before)
