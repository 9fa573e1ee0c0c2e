"""Rows of photos, read without the ORM."""

import pytest
from django.core.files.base import ContentFile

from photos import editing, rows
from photos.api.docs import EXAMPLE_PLACE
from photos.models import CorePhoto
from storage.documents import collection
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
