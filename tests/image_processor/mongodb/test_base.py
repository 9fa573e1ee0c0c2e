"""What an interrupted ``migrate`` has done already is accepted by the next one."""

import pytest
from django.db import DatabaseError, connection
from django.db.models import Index

from image_processor.models import AccessToken
from images.models import ImageLog
from tests.conftest import fail_point
from tests.csvs import random_csv


def test_a_migration_that_was_interrupted_between_a_collection_and_its_indexes_can_be_run_again():
    collection = connection.database[AccessToken._meta.db_table]
    indexes = collection.index_information()
    collection.drop()
    away = {"failCommands": ["createIndexes"], "namespace": collection.full_name}
    with (
        fail_point("failCommand", mode="alwaysOn", data={**away, "errorCode": 11601}),
        pytest.raises(DatabaseError),
        connection.schema_editor() as editor,
    ):
        editor.create_model(AccessToken)
    assert collection.name in connection.database.list_collection_names()
    assert collection.index_information() != indexes
    with connection.schema_editor() as editor:
        editor.create_model(AccessToken)
    assert collection.index_information() == indexes


def test_a_collection_with_documents_is_not_created_anew(ingest):
    ingest(random_csv(2))
    with pytest.raises(DatabaseError), connection.schema_editor() as editor:
        editor.create_model(ImageLog)
    assert ImageLog.objects.count() == 1


def test_an_index_that_is_gone_already_can_be_removed():
    with connection.schema_editor() as editor:
        editor.remove_index(ImageLog, Index(fields=["well"], name="gone"))
