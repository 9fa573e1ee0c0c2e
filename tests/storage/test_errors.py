import pytest
from django.db import DatabaseError
from pymongo.errors import (
    AutoReconnect,
    ExecutionTimeout,
    OperationFailure,
    ServerSelectionTimeoutError,
)

from storage.errors import StorageUnavailable, is_unavailability, translated


@pytest.mark.parametrize(
    "error",
    [
        AutoReconnect(),
        ServerSelectionTimeoutError(),
        ExecutionTimeout("late", 50),
        OperationFailure("not primary", 10107),
        OperationFailure("shutting down", 91),
        OperationFailure("Authentication failed.", 18),
    ],
)
def test_errors_of_reach_are_unavailability_also_as_the_cause_of_djangos(error):
    outer = DatabaseError()
    outer.__cause__ = error
    assert is_unavailability(error)
    assert is_unavailability(outer)
    with pytest.raises(StorageUnavailable), translated():
        raise error


@pytest.mark.parametrize("error", [OperationFailure("bad query", 2), DatabaseError(), KeyError()])
def test_other_errors_pass_unchanged(error):
    assert not is_unavailability(error)
    with pytest.raises(type(error)) as caught, translated():
        raise error
    assert caught.value is error
