"""The photos that the schema's examples name."""

from bson import ObjectId
from django.core.files.base import ContentFile

from photos import editing
from photos.api.docs import EXAMPLE_IDS, EXAMPLE_PLACE
from photos.decoding import FORMATS
from photos.models import CorePhoto
from tests.photos.pictures import picture


def add_example_photos() -> None:
    """A photo of each media type, under the id of its example."""
    for kind, (media_type, suffix) in FORMATS.items():
        file = ContentFile(picture(kind), name=f"core{suffix}")
        photo = CorePhoto(pk=ObjectId(EXAMPLE_IDS[media_type]), **EXAMPLE_PLACE)
        editing.take_facts(photo, file)
        photo.photo.put(file, content_type=media_type, filename=file.name)
        photo.save(force_insert=True)
