"""A dump in the order of deploy/backup.sh is whole, whatever happens meanwhile."""

import io
from pathlib import Path

import bson
import pytest
from bson.raw_bson import RawBSONDocument
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection

from images.models import ImageLog
from images.store import journal
from images.store.window import read_level
from photos import editing
from photos.models import CorePhoto
from tests.conftest import KEPT
from tests.csvs import random_csv
from tests.photos.pictures import picture

CATALOGUE = ["images_imagelog", "photos_corephoto"]


def collection_of(name: str):
    options = connection.database.codec_options.with_options(document_class=RawBSONDocument)
    return connection.database.get_collection(name, codec_options=options)


def dump(folder: Path, names: list[str]) -> None:
    """A file of documents one after the other for each collection."""
    for name in names:
        with (folder / f"{name}.bson").open("wb") as file:
            file.writelines(document.raw for document in collection_of(name).find())


def restore(folder: Path) -> None:
    for name in others() + CATALOGUE:
        connection.database[name].delete_many({})
    for path in folder.iterdir():
        with path.open("rb") as file:
            if documents := [*bson.decode_file_iter(file)]:
                collection_of(path.stem).insert_many(documents)


def others() -> list[str]:
    return [n for n in connection.database.list_collection_names() if n not in {*CATALOGUE, *KEPT}]


def doctor(**options) -> str:
    out = io.StringIO()
    call_command("doctor", stdout=out, **options)
    return out.getvalue()


def test_the_catalogue_first_then_the_rest(tmp_path, ingest):
    kept, _ = ingest(random_csv(3000))
    deleted, _ = ingest(random_csv(30))
    place = {"well": "A-1", "top_depth": 1.0, "base_depth": 2.0}
    photo, _ = editing.add(ContentFile(picture(), name="box.png"), **place)
    dump(tmp_path, CATALOGUE)
    ingest(random_csv(20))
    journal.retire(deleted)
    dump(tmp_path, others())
    restore(tmp_path)

    out = io.StringIO()
    with pytest.raises(CommandError, match="2 problems are left"):
        call_command("doctor", fix=True, idle=True, stdout=out)
    assert out.getvalue().count("belongs to no image log: repaired") == 2  # the later upload
    assert out.getvalue().count(f"{deleted.label}: in its ") == 2
    journal.retire(ImageLog.objects.get(pk=deleted.pk))
    assert "0 problems" in doctor()
    log = ImageLog.objects.get()
    assert log.pk == kept.pk
    assert len(read_level(log, log.levels()[0], log.top, log.base).depths) == 3000
    assert CorePhoto.objects.get(pk=photo.pk).opened().read() == picture()


def test_the_collections_that_name_files_are_these():
    assert [m._meta.db_table for m in (ImageLog, CorePhoto)] == CATALOGUE
