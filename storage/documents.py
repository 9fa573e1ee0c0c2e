"""The documents of models, read and written with pymongo: a request is one command of MongoDB."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from bson.codec_options import CodecOptions
from django.db import connection, models
from django.utils import timezone
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

Result = TypeVar("Result")
WITH_UTC: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True, tzinfo=UTC)


def collection(model: type[models.Model]) -> Collection[Any]:
    """The collection of a model. It reads times with the time zone UTC, as Django does."""
    found: Collection[Any] = connection.database.get_collection(model._meta.db_table, WITH_UTC)
    return found


def known(model: Any, document: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a document by the attributes of its model, in the order of the model.

    Fields that this version does not know are left out, so that a newer one may add some.
    """
    names = _attributes(model)
    return {name: document[column] for column, name in names.items() if column in document}


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


def in_transaction(write: Callable[[ClientSession], Result]) -> Result:
    """What ``write`` returns. All that it writes with its session is kept, or nothing if it raises.

    It is called again where another write came in between.
    """
    with connection.database.client.start_session() as session:
        return session.with_transaction(write)
