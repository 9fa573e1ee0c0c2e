"""The life of a row's file: it goes with its row, and failures keep what was there."""

import asyncio

import pytest
from django.contrib import admin
from django.core.files.base import ContentFile
from django.db import IntegrityError
from django.db.models.signals import post_save
from django.test import RequestFactory
from django_mongodb_backend import transaction
from pymongo.errors import AutoReconnect

from storage.errors import FileChanged, FileMissing
from storage.fields import named_ids
from storage.leases import reap
from tests.storage.rows.models import SMALL_CHUNKS, Box, Plain, Sample
from tests.storage.stored import bucket, missing, reopened, stored


def sample(label: str = "a", **fields: object) -> Sample:
    row = Sample(label=label, **fields)
    row.photo.put(label.encode(), filename="x.txt")
    row.save()
    return row


def named() -> set:
    return named_ids(SMALL_CHUNKS)


def test_a_row_that_is_deleted_while_it_is_saved_comes_back_with_its_file(monkeypatch):
    row = reopened(sample())
    named_now = row.photo.field._named_now

    def deleted_after(instance: Sample) -> str | None:
        found: str | None = named_now(instance)
        Sample.objects.all()._raw_delete("default")
        return found

    monkeypatch.setattr(row.photo.field, "_named_now", deleted_after)
    row.save()
    assert reopened(row).photo.read() == b"a"


def test_a_saved_row_gives_its_lease_back():
    row = Sample(label="a")
    row.photo.put(b"abc")
    assert bucket().leases.count_documents({}) == 1
    row.save()
    assert bucket().leases.count_documents({}) == 0


def test_deleting_a_row_deletes_its_file():
    sample().delete()
    assert not stored()


def test_deleting_by_queryset_deletes_the_files():
    kept = sample("kept")
    for label in "abc":
        sample(label)
    Sample.objects.exclude(label="kept").delete()
    assert len(stored()) == 1
    assert reopened(kept).photo.read() == b"kept"


def test_deleting_by_cascade_deletes_the_files():
    box = Box.objects.create(label="box")
    sample("a", box=box)
    sample("b", box=box)
    box.delete()
    assert not stored()


def test_deleting_from_the_admin_deletes_the_files():
    model_admin = admin.ModelAdmin(Sample, admin.AdminSite())
    request = RequestFactory().post("/")
    model_admin.delete_model(request, sample("a"))
    sample("b")
    model_admin.delete_queryset(request, Sample.objects.all())
    assert not stored()


def test_a_row_that_cannot_be_saved_keeps_the_old_file():
    row = sample("a")
    sample("b")
    row.label = "b"  # taken
    with pytest.raises(IntegrityError):
        row.photo.replace(b"new", also=["label"])
    assert row.photo.read() == b"a"
    assert reopened(row).photo.read() == b"a"
    assert len(stored()) == 2


def test_an_async_replace_that_fails_keeps_the_old_file():
    row = sample("a")
    sample("b")
    row.label = "b"
    with pytest.raises(IntegrityError):
        asyncio.run(row.photo.areplace(b"new", also=["label"]))
    assert reopened(row).photo.read() == b"a"
    assert len(stored()) == 2


def test_a_receiver_that_fails_after_the_row_was_saved_keeps_the_old_file():
    def fail(**_: object) -> None:
        raise ZeroDivisionError

    row = sample()
    post_save.connect(fail, sender=Sample)
    try:
        with pytest.raises(ZeroDivisionError):
            row.photo.replace(b"new")
    finally:
        post_save.disconnect(fail, sender=Sample)
    assert reopened(row).photo.read() == b"a"
    assert len(stored()) == 1


def test_where_nobody_knows_whether_the_row_was_saved_both_files_stay(monkeypatch):
    row = sample()

    def lost(*_: object) -> None:
        raise AutoReconnect("the answer was lost")

    monkeypatch.setattr(row.photo.field, "swap", lost)
    with pytest.raises(AutoReconnect):
        row.photo.replace(b"new")
    assert len(stored()) == 2
    assert reopened(row).photo.read() == b"a"


def test_replacing_the_file_of_a_row_that_was_deleted_does_not_bring_it_back():
    row = sample()
    Sample.objects.all().delete()
    with pytest.raises(FileChanged):
        row.photo.replace(b"new")
    assert not Sample.objects.exists()
    assert not stored()


def test_a_row_is_not_saved_with_a_file_that_was_reaped():
    row = Sample(label="a")
    row.photo.put(b"abc")
    bucket().leases.delete_many({})
    with pytest.raises(FileMissing, match="reaped"):
        row.save()
    assert not Sample.objects.exists()


@pytest.mark.parametrize("method", ["replace", "areplace"])
def test_a_file_that_is_reaped_while_its_row_is_saved_is_not_taken_for_saved(monkeypatch, method):
    row = sample()

    swap = row.photo.field.swap

    def reaped(*args: object) -> None:
        bucket().leases.delete_many({})
        swap(*args)

    monkeypatch.setattr(row.photo.field, "swap", reaped)
    with pytest.raises(FileMissing, match="reaped"):
        asyncio.run(row.photo.areplace(b"new")) if method == "areplace" else row.photo.replace(b"x")
    assert reopened(row).photo.read() == b"a"
    assert len(stored()) == 1


def test_djangos_verb_save_replaces_the_file():
    row = sample()
    row.photo.save("y.txt", ContentFile(b"saved"))
    assert reopened(row).photo.read() == b"saved"
    assert len(stored()) == 1
    row.photo.save("y.txt", ContentFile(b"later"), save=False)
    assert reopened(row).photo.read() == b"saved"


def test_a_file_that_is_assigned_has_nothing_to_tell_before_it_is_stored():
    row = Sample(label="a", photo=ContentFile(b"abc", name="x.txt"))
    with pytest.raises(FileMissing, match="not stored"):
        row.photo.content_type  # noqa: B018
    row.photo.delete()
    assert not row.photo


def test_a_transaction_that_is_rolled_back_keeps_the_old_file():
    row = sample()

    def replace_and_fail() -> None:
        with transaction.atomic():
            row.photo.replace(b"new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        replace_and_fail()
    assert reopened(row).photo.read() == b"a"


def test_a_file_that_no_row_names_is_found_and_reaped():
    kept = sample("kept")
    lost = sample("lost")
    Sample.objects.filter(pk=lost.pk)._raw_delete("default")
    (found,) = reap(SMALL_CHUNKS.in_bucket(), named, fix=False, owner="sample")
    file_id = lost.photo.info.file_id
    assert str(found) == f"file {file_id} of 4 bytes belongs to no sample: --fix repairs it"
    assert len(stored()) == 2
    assert [one.repaired for one in reap(SMALL_CHUNKS.in_bucket(), named)] == [True]
    assert len(stored()) == 1
    assert reopened(kept).photo.read() == b"kept"


def test_chunks_without_a_file_are_reaped():
    sample()
    bucket().files.delete_many({})
    Sample.objects.all()._raw_delete("default")
    assert [found.unreachable_bytes for found in reap(SMALL_CHUNKS.in_bucket(), named)] == [1]
    assert not stored()


def test_a_running_writer_is_left_alone_until_its_lease_is_over(monkeypatch):
    monkeypatch.setattr("storage.writer.BATCH_BYTES", 1000)
    row = Sample(label="a")
    row.photo.new_file()
    row.photo.write(bytes(5000))
    assert reap(SMALL_CHUNKS.in_bucket(), named) == []
    row.photo.close()
    assert reap(SMALL_CHUNKS.in_bucket(), named) == []
    row.save()
    assert reap(SMALL_CHUNKS.in_bucket(), named) == []
    assert len(reopened(row).photo.read()) == 5000


def test_what_a_writer_never_finished_is_reaped_when_its_lease_is_over(monkeypatch):
    monkeypatch.setattr(SMALL_CHUNKS, "lease_seconds", 0)
    row = Sample(label="a")
    row.photo.put(bytes(5000))
    assert [found.unreachable_bytes for found in reap(SMALL_CHUNKS.in_bucket(), named)] == [5000]
    with pytest.raises(FileMissing, match="reaped"):
        row.save()
    assert not stored()


def test_a_row_saved_while_the_reaper_looks_keeps_its_file(monkeypatch):
    monkeypatch.setattr(SMALL_CHUNKS, "lease_seconds", 0)
    row = Sample(label="a")
    row.photo.put(b"abc")

    def saved_just_before() -> set:
        if row._state.adding:
            row.save()
        return named()

    assert reap(SMALL_CHUNKS.in_bucket(), saved_just_before) == []
    assert reopened(row).photo.read() == b"abc"


def test_djangos_own_field_is_known_to_the_reaper(monkeypatch):
    monkeypatch.setattr(SMALL_CHUNKS, "lease_seconds", 0)
    row = Plain.objects.create(scan=ContentFile(b"abc", name="x.txt"))
    assert reap(SMALL_CHUNKS.in_bucket(), named) == []
    assert bucket().leases.count_documents({}) == 0
    assert Plain.objects.get(pk=row.pk).scan.read() == b"abc"


def test_files_that_rows_name_and_nobody_has_are_told():
    row = sample()
    assert missing(named()) == set()
    bucket().files.delete_many({})
    assert missing(named()) == named()
    assert len(named()) == 1
    with pytest.raises(FileMissing):
        reopened(row).photo.read()
