"""Rows of photos, read without the ORM."""

from concurrent.futures import ThreadPoolExecutor

import pymongo
import pytest
from django.core.files.base import ContentFile

from photos import editing, rows
from photos.api.docs import EXAMPLE_PLACE
from photos.models import CorePhoto
from storage.documents import collection
from storage.errors import StorageUnavailable
from tests.photos.pictures import picture
from web.errors import PreconditionFailed
from wells.models import Well


def test_a_row_that_has_a_field_of_a_later_migration_at_its_end_is_read_field_by_field():
    made, _ = editing.add(ContentFile(picture("JPEG"), name="core.jpg"), **EXAMPLE_PLACE)
    stored = collection(CorePhoto)
    row = stored.find_one({"_id": made.pk})
    row["preview"] = row.pop("preview")
    stored.replace_one({"_id": made.pk}, row)
    read = rows.read(made.pk)
    for name in ("well", "top_depth", "format", "width", "sha256", "uploaded_at"):
        assert getattr(read, name) == getattr(made, name)


def test_a_replacement_that_is_refused_makes_no_well():
    photo, _ = editing.add(ContentFile(picture("JPEG"), name="core.jpg"), **EXAMPLE_PLACE)
    with pytest.raises(PreconditionFailed):
        rows.change(photo, {"well": "mistyped"}, where={"caption": "sandstone"})
    assert not Well.objects.filter(name="mistyped").exists()
    before, after = rows.change(photo, {"well": "B"})
    assert (before.well, after.well) == ("sample", "B")
    assert Well.objects.filter(name="B").exists()


def test_mongodb_lost_at_any_command_of_an_upload_makes_no_well_without_its_photo(failing):
    for skip in range(40):
        try:
            with failing(skip), pymongo.timeout(0.25):
                editing.add(ContentFile(picture("JPEG"), name="core.jpg"), **EXAMPLE_PLACE)
        except StorageUnavailable:
            assert Well.objects.count() == CorePhoto.objects.count()
            CorePhoto.objects.all().delete()
            Well.objects.all().delete()
        else:
            break
    assert skip > 6  # there were that many commands to fail
    assert Well.objects.count() == CorePhoto.objects.count() == 1


def test_the_same_photo_added_at_the_same_time_is_stored_once_and_both_get_it():
    def add(_):
        return editing.add(ContentFile(picture("JPEG"), name="core.jpg"), **EXAMPLE_PLACE)

    with ThreadPoolExecutor(4) as people:
        answers = [*people.map(add, range(4))]
    assert sorted(created for _, created in answers) == [False] * 3 + [True]
    [stored] = CorePhoto.objects.all()
    assert {photo.pk for photo, _ in answers} == {stored.pk}
    assert stored.photo.read() == picture("JPEG")
