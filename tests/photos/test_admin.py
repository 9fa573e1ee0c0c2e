"""Photos in the admin."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from photos.models import CorePhoto
from tests.photos.pictures import form, picture
from tests.photos.test_photos_api import stored_files
from wells.models import Well

URL = "/admin/photos/corephoto/"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("staff", password="of the tests"))
    return client


def test_a_photo_is_added_changed_and_deleted(staff):
    assert staff.post(f"{URL}add/", form()).status_code == 302
    photo = CorePhoto.objects.get()
    assert (photo.format, photo.width) == ("JPEG", 60)
    page = staff.get(f"{URL}{photo.pk}/change/")
    assert f"/photos/{photo.pk}/image?width=240" in page.content.decode()
    assert staff.post(f"{URL}{photo.pk}/change/", form(picture("PNG"))).status_code == 302
    changed = CorePhoto.objects.get()
    assert (changed.format, changed.photo.read()) == ("PNG", picture("PNG"))
    assert not photo.photo.storage.exists(photo.photo.name)
    assert staff.get(URL).status_code == 200
    staff.post(f"{URL}{photo.pk}/delete/", {"post": "yes"})
    assert not CorePhoto.objects.exists()
    assert not photo.photo.storage.exists(changed.photo.name)


def test_changing_the_caption_keeps_the_photo(staff):
    staff.post(f"{URL}add/", form())
    fields = form(caption="other")
    del fields["photo"]
    photo = CorePhoto.objects.get()
    assert staff.post(f"{URL}{photo.pk}/change/", fields).status_code == 302
    assert staff.post(f"{URL}{photo.pk}/change/", {**fields, "well": "B"}).status_code == 302
    assert Well.objects.filter(name="B").exists()
    changed = CorePhoto.objects.get()
    assert (changed.caption, changed.photo.read()) == ("other", picture())


def test_what_is_no_photo_or_has_its_depths_reversed_is_refused(staff):
    page = staff.post(f"{URL}add/", form(b"<svg/>", top_depth=9002))
    assert "deeper than the base" in page.content.decode()
    page = staff.post(f"{URL}add/", form(b"<svg/>"))
    assert "not a whole image" in page.content.decode()
    assert not CorePhoto.objects.exists()
    assert staff.get(f"{URL}add/").status_code == 200


def test_another_photo_takes_the_preview_of_the_old_one_with_it(staff):
    for data, files in (
        (picture("PNG", (1100, 9)), 2),
        (picture("PNG", (1200, 9)), 2),
        (picture(), 1),
    ):
        photo = CorePhoto.objects.first()
        page = f"{photo.pk}/change/" if photo else "add/"
        assert staff.post(f"{URL}{page}", form(data)).status_code == 302
        assert stored_files() == files
