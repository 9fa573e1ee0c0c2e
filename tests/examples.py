"""What the examples of the schema name, stored under their ids."""

from functools import cache

from bson import ObjectId
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from django.db import connection

from images.ingest.sample import ROWS, sample_csv
from images.models import ImageLog
from images.render.window_parameters import EXAMPLE_ID
from tests.conftest import KEPT
from tests.dips.examples import add_example_dips
from tests.photos.examples import add_example_photos

RAW = CodecOptions(document_class=RawBSONDocument)
# The documents that are stored with so many rows, by the names of their collections.
_documents = {}


def add_examples(ingest, rows=ROWS):
    """Photos of all kinds, a well with a pick, and the first rows of the sample image log.

    They are made once, into the empty database of a test; for the next test they are copied.
    """
    database = connection.database
    if rows in _documents:
        for name, documents in _documents[rows].items():
            database[name].insert_many(documents)
        return
    _make_examples(ingest, rows)
    names = {*database.list_collection_names()} - KEPT
    found = {name: [*database.get_collection(name, RAW).find()] for name in names}
    _documents[rows] = {name: documents for name, documents in found.items() if documents}


def _make_examples(ingest, rows):
    add_example_photos()
    add_example_dips()
    log, _ = ingest(sample(rows), well="sample")
    ImageLog.objects.filter(pk=log.pk).delete()
    log.pk = ObjectId(EXAMPLE_ID)
    log.save(force_insert=True)


@cache
def sample(rows):
    return b"".join(sample_csv(rows))
