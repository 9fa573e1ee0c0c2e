"""What the examples of the schema name, stored under their ids."""

from functools import cache

from bson import ObjectId

from images.ingest.sample import ROWS, sample_csv
from images.models import ImageLog
from images.render.window_request import EXAMPLE_ID
from tests.dips.examples import add_example_dips
from tests.photos.examples import add_example_photos


def add_examples(ingest, rows=ROWS):
    """Photos of all kinds, a well with a pick, and the first rows of the sample image log."""
    add_example_photos()
    add_example_dips()
    log, _ = ingest(sample(rows), well="sample")
    ImageLog.objects.filter(pk=log.pk).delete()
    log.pk = ObjectId(EXAMPLE_ID)
    log.save(force_insert=True)


@cache
def sample(rows):
    return b"".join(sample_csv(rows))
