"""Uploading, finding, changing and deleting photos over HTTP."""

import gc
import json
import resource
from contextlib import contextmanager

import pytest
from bson import ObjectId
from django.conf.global_settings import FILE_UPLOAD_MAX_MEMORY_SIZE
from django.test import override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from photos import editing, maintenance
from photos.errors import PhotoNotFound
from photos.models import CorePhoto
from storage.files import id_in
from tests.photos.pictures import assert_problem, form, picture, post, put, turned


def stored_files() -> int:
    from django.db import connection

    return connection.database.photos.files.count_documents({})


def test_an_uploaded_photo_is_described(client):
    data = picture()
    response = post(client, data)
    assert response.status_code == 201
    photo = response.json()
    assert photo["created"] is True
    wanted = {"well": "A-1", "top_depth": 9000, "base_depth": 9001.5, "caption": "sandstone"}
    facts = {"format": "JPEG", "width": 60, "height": 40, "size_bytes": len(data)}
    assert wanted.items() | facts.items() <= photo.items()
    assert client.get(photo["image_url"]).content == data
    del photo["created"]
    assert client.get(f"/photos/{photo['id']}").json() == photo


def test_the_same_photo_at_the_same_depths_is_kept_once(client):
    first, second = post(client), post(client)
    assert (second.status_code, second.json()["created"]) == (200, False)
    assert second.json()["id"] == first.json()["id"]
    assert stored_files() == 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_the_kinds_that_are_kept(client, kind):
    photo = post(client, picture(kind), name="x.anything").json()
    assert photo["format"] == kind
    assert client.get(photo["image_url"])["Content-Type"] == f"image/{kind.lower()}"


def test_a_turned_photo_has_the_size_it_is_shown_at(client):
    photo = post(client, turned(6)).json()
    assert (photo["width"], photo["height"]) == (40, 60)


def test_photos_that_overlap_a_range_are_found(client):
    for number, (top, base) in enumerate([(0, 1), (1, 2), (5, 9), (-3, -2)]):
        post(client, picture(seed=number), top_depth=top, base_depth=base)
    post(client, well="B-2", top_depth=0, base_depth=1)

    def tops(query: str) -> list[float]:
        return [photo["top_depth"] for photo in client.get(f"/photos/?{query}").json()["results"]]

    assert tops("well=A-1&min=1&max=5") == [0, 1, 5]
    assert tops("well=A-1&min=2.5&max=4") == []
    assert tops("well=A-1&min=8") == [5]
    assert tops("max=-2.5") == [-3]
    assert tops("well=B-2") == [0]


def test_a_query_that_makes_no_sense_is_refused(client):
    assert_problem(client.get("/photos/?min=3&max=2"), 400, "invalid-parameter", "reversed")
    assert_problem(client.get("/photos/?min=nan"), 400, "invalid-parameter", "finite")
    assert_problem(client.get("/photos/?limit=0"), 400, "invalid-parameter", "1000")
    assert_problem(client.get(f"/photos/?offset={'9' * 20}"), 400, "invalid-parameter")
    assert_problem(client.get("/photos/?wel=A"), 400, "invalid-parameter", "well")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("well", ""),
        ("well", "x" * 101),
        ("top_depth", "nan"),
        ("top_depth", "9002"),
        ("base_depth", "inf"),
        ("base_depth", "deep"),
        ("caption", "x" * 501),
    ],
)
def test_a_field_with_a_wrong_value_is_named(client, field, value):
    response = post(client, **{field: value})
    assert_problem(response, 400, "invalid-parameter")
    assert response.json()["errors"][0]["parameter"] in (field, "top_depth")
    assert stored_files() == 0


def test_a_form_without_a_photo_is_refused(client):
    response = client.post("/photos/", {"well": "A", "top_depth": 1, "base_depth": 2})
    assert_problem(response, 400, "invalid-parameter", "photo")


def test_an_upload_that_is_no_form_is_refused(client):
    response = client.post("/photos/", picture(), content_type="image/jpeg")
    assert_problem(response, 415, "unsupported-media-type")


def test_limits_say_their_number(client):
    with override_settings(MAX_PHOTO_BYTES=1000):
        response = post(client, picture(size=(100, 100)))
    assert_problem(response, 413, "upload-too-large", "1000")
    assert response.json()["limit"] == 1000
    with override_settings(MAX_PHOTO_PIXELS=2399):
        response = post(client)
    assert_problem(response, 413, "too-many-pixels", "2399", "2400")


def test_a_body_that_is_far_too_large_is_refused_unread(client):
    with override_settings(MAX_PHOTO_BYTES=1000):
        response = client.post(
            "/photos/", form(), headers={"Content-Length": "70000"}, CONTENT_LENGTH="70000"
        )
    assert_problem(response, 413, "upload-too-large", "1000")


def test_put_replaces_the_image_and_leaves_the_rest(client):
    old = post(client).json()
    new = picture("PNG", seed=5)
    response = put(client, f"/photos/{old['id']}/", photo=form(new)["photo"])
    assert response.status_code == 200
    photo = response.json()
    assert (photo["id"], photo["caption"], photo["format"]) == (old["id"], "sandstone", "PNG")
    assert client.get(photo["image_url"]).content == new
    assert stored_files() == 1


def test_put_that_is_refused_keeps_the_old_image(client):
    data = picture()
    photo = post(client, data).json()
    response = put(client, f"/photos/{photo['id']}/", photo=form(b"<svg/>")["photo"])
    assert_problem(response, 415, "not-a-photo")
    assert_problem(put(client, f"/photos/{photo['id']}/"), 400, "invalid-parameter", "photo")
    assert client.get(photo["image_url"]).content == data


def test_put_of_a_photo_that_is_there_already_is_refused(client):
    post(client, picture(seed=1))
    photo = post(client, picture(seed=2)).json()
    response = put(client, f"/photos/{photo['id']}", photo=form(picture(seed=1))["photo"])
    assert_problem(response, 409, "photo-exists")
    assert client.get(photo["image_url"]).content == picture(seed=2)
    assert stored_files() == 2


def test_patch_changes_depths_and_caption(client):
    url = f"/photos/{post(client).json()['id']}/"
    response = client.patch(url, {"top_depth": 8999.5, "caption": ""}, "application/json")
    assert response.status_code == 200
    changed = client.get(url).json()
    assert (changed["top_depth"], changed["base_depth"], changed["caption"]) == (8999.5, 9001.5, "")


def test_patch_refuses_what_cannot_be_changed(client):
    url = f"/photos/{post(client).json()['id']}/"
    for change in ({"top_depth": 9500}, {"well": "B"}, {"sha256": "0"}, [1]):
        response = client.patch(url, change, "application/json")
        assert_problem(response, 400, "invalid-parameter")


@pytest.mark.parametrize("change", ['{"\\ud800": 1}', '{"x": "\\ud800"}', "[" * 60_000])
def test_patch_refuses_what_is_no_json(client, change):
    url = f"/photos/{post(client).json()['id']}/"
    response = client.patch(url, change, "application/json")
    assert_problem(response, 400, "bad-request", "the body is not valid JSON")


@pytest.mark.parametrize("value", ["1_0", "٣", True, "nan", 10**400])
def test_patch_refuses_what_is_no_decimal_number(client, value):
    url = f"/photos/{post(client).json()['id']}/"
    change = json.dumps({"top_depth": value})
    assert client.patch(url, change, "application/json").status_code == 400


@pytest.mark.parametrize("character", ["\r", "\n", "\u202e"])
def test_a_caption_has_no_control_or_format_characters(client, character):
    response = post(client, caption=f"sand{character}stone")
    assert_problem(response, 400, "invalid-parameter", "control or format character")


def test_patch_refuses_another_image(client):
    url = f"/photos/{post(client).json()['id']}/"
    data = encode_multipart(BOUNDARY, {"photo": form()["photo"]})
    response = client.patch(url, data, MULTIPART_CONTENT)
    assert_problem(response, 400, "invalid-parameter", "photo")


def test_patch_to_where_the_same_photo_lies_is_refused(client):
    post(client)
    photo = post(client, top_depth=8000).json()
    response = client.patch(f"/photos/{photo['id']}", {"top_depth": 9000}, "application/json")
    assert_problem(response, 409, "photo-exists")


def test_delete_removes_row_and_file(client):
    url = f"/photos/{post(client).json()['id']}/"
    assert client.delete(url).status_code == 204
    assert_problem(client.get(url), 404, "photo-not-found")
    assert_problem(client.delete(url), 404, "photo-not-found")
    assert stored_files() == 0


def test_an_id_that_is_none_is_not_found(client):
    for url in ("/photos/x", "/photos/%00/image", "/photos/000000000000000000000000/"):
        assert_problem(client.get(url), 404, "photo-not-found")


def test_a_lost_file_is_missing_and_a_changed_one_corrupt(client):
    from django.db import connection

    url = post(client).json()["image_url"]
    connection.database.photos.chunks.update_one({}, {"$set": {"data": b"x" * 10}})
    assert_problem(client.get(url), 500, "file-corrupt")
    connection.database.photos.files.delete_many({})
    connection.database.photos.chunks.delete_many({})
    assert_problem(client.get(url), 404, "file-missing")
    assert "is missing" in str(maintenance.examine(CorePhoto.objects.get().pk, fix=False)[0])


def test_while_mongodb_is_away_the_answer_is_503(client, failing):
    url = post(client).json()["image_url"]
    with failing(1):  # the row is found, the file is not
        response = client.get(url)
    assert_problem(response, 503, "storage-unavailable")
    assert response["Retry-After"]


def test_the_doctor_reaps_photos_that_no_row_names(client):
    post(client)
    CorePhoto.objects.all()._raw_delete("default")
    with override_settings(INGEST_LEASE_SECONDS=0):
        assert [found.unreachable_bytes for found in maintenance.unreachable(fix=True)] == [
            len(picture())
        ]
    assert stored_files() == 0


def first_unknown(monkeypatch) -> None:
    """Have the first look for the same photo find nothing, as when two are added at once."""
    looks = iter([CorePhoto.objects.none()])
    same = CorePhoto.same
    monkeypatch.setattr(CorePhoto, "same", lambda self: next(looks, None) or same(self))


def test_the_same_photo_added_at_the_same_time_is_kept_once(client, monkeypatch):
    first = post(client).json()
    first_unknown(monkeypatch)
    second = post(client)
    assert (second.status_code, second.json()["id"]) == (200, first["id"])
    assert stored_files() == 1


def test_a_photo_that_is_deleted_while_it_is_changed_is_not_found(client):
    photo = CorePhoto.objects.get(pk=post(client).json()["id"])
    CorePhoto.objects.all().delete()
    with pytest.raises(PhotoNotFound):
        editing.change(photo, caption="x")


def test_a_well_that_cannot_be_printed_is_refused(client):
    response = post(client, well="a\x07b")
    assert_problem(response, 400, "invalid-parameter", "printable")


@contextmanager
def disk_of(nbytes: int):
    """Files of this process cannot grow beyond ``nbytes``, as on a disk that is full then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (nbytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_photo_for_which_the_disk_has_no_room_is_507_and_leaves_nothing(client):
    data = picture("PNG", (1100, 1100))
    assert len(data) > FILE_UPLOAD_MAX_MEMORY_SIZE
    with disk_of(1_000_000):
        response = post(client, data)
    gc.collect()  # or the warning of a file that was left open would come in another test
    assert_problem(response, 507, "no-room-for-upload", "no room")
    assert (stored_files(), CorePhoto.objects.count()) == (0, 0)
    assert post(client, data).status_code == 201


def test_a_thumbnail_for_which_the_disk_has_no_room_is_507(client):
    url = post(client, picture("PNG", (1100, 700))).json()["image_url"]
    with disk_of(1_000_000):
        response = client.get(f"{url}?width=1050")
    assert_problem(response, 507, "no-room-for-upload", "no room")


@pytest.mark.parametrize("text", ["1_0", "\u0663", "true", "nan", "1e999", "0x1"])
@pytest.mark.parametrize("field", ["top_depth", "base_depth"])
def test_a_depth_has_the_grammar_of_all_numbers(client, field, text):
    assert_problem(post(client, **{field: text}), 400, "invalid-parameter", field, "decimal")
    url = f"/photos/{post(client).json()['id']}/"
    for value in (text, True, [1], None):
        response = client.patch(url, {field: value}, "application/json")
        assert_problem(response, 400, "invalid-parameter", field)


@pytest.mark.parametrize("character", ["\r", "\n", "\u202e", "\u2028", "\0"])
@pytest.mark.parametrize("field", ["well", "caption"])
def test_a_text_with_a_control_or_format_character_is_refused(client, field, character):
    response = post(client, **{field: f"a{character}b"})
    assert_problem(response, 400, "invalid-parameter", field)
    assert CorePhoto.objects.count() == 0


def test_a_damaged_preview_is_found_by_the_doctor_who_has_thumbnails_made_of_the_photo(client):
    from django.db import connection

    photo = post(client, picture("PNG", (1100, 40))).json()
    preview = CorePhoto.objects.get(pk=photo["id"]).preview
    connection.database.photos.chunks.delete_one({"files_id": id_in(preview.name)})
    thumbnail = f"{photo['image_url']}?width=100"
    assert_problem(client.get(thumbnail), 500, "file-corrupt")
    [damage] = maintenance.examine(ObjectId(photo["id"]), fix=True)
    assert damage.repaired
    assert "of its preview, chunk 0 is missing" in str(damage)
    assert client.get(thumbnail).status_code == 200
    assert maintenance.examine(ObjectId(photo["id"]), fix=False) == []


@pytest.mark.parametrize(
    ("fields", "detail"),
    [
        ({"captoin": "shale"}, "did you mean caption"),
        ({"caption": ["shale", "sand"]}, "given more than once"),
        ({"well": ["A", "B"]}, "given more than once"),
    ],
)
def test_a_field_of_a_form_that_is_unknown_or_given_twice_is_400(client, fields, detail):
    assert_problem(post(client, **fields), 400, "invalid-parameter", detail)
    assert client.get("/photos/").json()["count"] == 0
