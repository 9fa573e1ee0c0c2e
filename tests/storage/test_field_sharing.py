"""A row's file stays right when others change the row, copy it, or load it in part."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from bson import ObjectId
from django.core.files.base import ContentFile
from django.db import IntegrityError

from storage.errors import FileChanged
from storage.fields import GridFSFileField, named_ids
from storage.files import id_in
from storage.leases import reap
from tests.storage.rows.models import SMALL_CHUNKS, ChildSample, ProxySample, Sample
from tests.storage.stored import bucket, missing, reopened, stored


def sample(label: str = "a", model: type[Sample] = Sample) -> Sample:
    row = model(label=label)
    row.photo.put(label.encode(), filename="x.txt", content_type="text/x-core", box=7)
    row.save()
    return row


def named() -> set:
    return named_ids(SMALL_CHUNKS)


def nothing_is_lost_or_left() -> bool:
    """Every file is some row's, and every row has its file; so the reaper finds nothing."""
    files = SMALL_CHUNKS.in_bucket()
    return stored() == named() and not missing(named()) and not reap(files, named)


def test_a_stale_save_after_anothers_replace_keeps_the_new_file():
    stale = reopened(sample())
    reopened(stale).photo.replace(b"newer")
    stale.label = "renamed"
    stale.save()
    assert (reopened(stale).label, reopened(stale).photo.read()) == ("renamed", b"newer")
    assert nothing_is_lost_or_left()


def test_a_stale_row_that_gets_another_file_leaves_none_behind():
    stale = reopened(sample())
    reopened(stale).photo.replace(b"newer")
    stale.photo = ContentFile(b"newest", name="x.txt")
    stale.save()
    assert reopened(stale).photo.read() == b"newest"
    assert nothing_is_lost_or_left()


def test_a_stale_row_that_is_deleted_takes_the_newer_file_with_it():
    stale = reopened(sample())
    reopened(stale).photo.replace(b"newer")
    stale.delete()
    assert not stored()


@pytest.mark.parametrize("verb", ["replace", "delete"])
def test_a_stale_replace_or_delete_is_refused_and_changes_nothing(verb):
    stale = reopened(sample())
    reopened(stale).photo.replace(b"newer")
    with pytest.raises(FileChanged, match="meanwhile"):
        stale.photo.replace(b"x") if verb == "replace" else stale.photo.delete()
    assert reopened(stale).photo.read() == b"newer"
    assert nothing_is_lost_or_left()


def test_of_several_replaces_at_once_one_wins_and_none_leaves_a_file():
    start = threading.Barrier(4)
    first = sample()
    rows = [reopened(first) for _ in range(4)]

    def replace(number: int) -> bool:
        start.wait()
        try:
            rows[number].photo.replace(bytes([number]))
        except FileChanged:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        won = [number for number, done in enumerate(threads.map(replace, range(4))) if done]
    assert len(won) == 1
    assert reopened(first).photo.read() == bytes(won)
    assert nothing_is_lost_or_left()


def test_a_field_without_a_storage_keeps_its_files_in_the_bucket_media():
    assert GridFSFileField().storage.bucket == "media"


def test_replace_changes_no_other_field_but_those_named():
    row = reopened(sample())
    Sample.objects.filter(pk=row.pk).update(label="by another")
    row.photo.replace(b"new")
    assert reopened(row).label == "by another"
    row.label = "mine"
    row.photo.replace(b"newer", also=["label"])
    assert reopened(row).label == "mine"


def test_a_stored_file_that_no_row_names_is_taken_and_not_copied():
    name = SMALL_CHUNKS.save("x.txt", ContentFile(b"x"))
    Sample.objects.create(photo=name)
    assert stored() == named() == {id_in(name)}


@pytest.mark.parametrize("pk", [None, ObjectId()])
def test_a_copied_row_gets_a_file_of_its_own(pk):
    first = sample()
    copy = reopened(first)
    copy.pk, copy.label = pk, "copy"
    copy.save()
    assert (copy.photo.read(), copy.photo.content_type) == (b"a", "text/x-core")
    assert copy.photo.metadata == {"box": 7}
    first.delete()
    assert reopened(copy).photo.read() == b"a"
    assert nothing_is_lost_or_left()


def test_a_row_that_is_given_the_file_of_another_gets_a_copy():
    first, second = sample("a"), sample("b")
    second.photo = first.photo.name
    second.save()
    first.delete()
    assert reopened(second).photo.read() == b"a"
    assert nothing_is_lost_or_left()


@pytest.mark.parametrize("rows", [Sample.objects.defer("photo"), Sample.objects.only("id")])
def test_a_row_loaded_without_its_file_is_deleted_with_it(rows):
    row = sample()
    rows.get(pk=row.pk).delete()
    assert not stored()


def test_a_file_assigned_to_a_deferred_field_replaces_the_old_one():
    row = Sample.objects.defer("photo").get(pk=sample().pk)
    row.photo = ContentFile(b"new", name="x.txt")
    row.save()
    assert reopened(row).photo.read() == b"new"
    assert nothing_is_lost_or_left()


def test_a_deferred_file_that_is_read_is_not_taken_for_assigned():
    row = Sample.objects.defer("photo").get(pk=sample().pk)
    assert row.photo.read() == b"a"
    reopened(row).photo.replace(b"newer")
    row.save()
    row.refresh_from_db()
    row.save()
    assert reopened(row).photo.read() == b"newer"
    assert nothing_is_lost_or_left()


@pytest.mark.parametrize("model", [ProxySample, ChildSample])
def test_proxies_and_children_settle_replace_and_delete_like_their_model(model):
    row = sample(model=model)
    assert bucket().leases.count_documents({}) == 0
    row.photo = ContentFile(b"new", name="x.txt")
    row.save()
    assert nothing_is_lost_or_left()
    row.photo.replace(b"newer")
    assert model.objects.get(pk=row.pk).photo.read() == b"newer"
    assert nothing_is_lost_or_left()
    model.objects.all().delete()
    assert not stored()


def test_a_save_that_fails_after_another_file_was_assigned_loses_none():
    row = sample()
    sample("b")
    row.photo, row.label = ContentFile(b"new", name="x.txt"), "b"
    with pytest.raises(IntegrityError):
        row.save()
    assert reopened(row).photo.read() == b"a"
    row.label = "c"
    row.save()
    assert reopened(row).photo.read() == b"new"
    assert nothing_is_lost_or_left()
