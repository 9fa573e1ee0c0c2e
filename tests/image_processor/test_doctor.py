"""Whatever is damaged is found and named, repaired where it can be, and then it is well."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import numpy as np
import pymongo
import pytest
from bson import ObjectId
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection

from image_processor.devtools import run
from image_processor.ops import findings, indexes
from images.models import ImageLog
from images.store.statistics import histogram
from images.store.window import read_level
from photos import editing
from storage.bucket import Bucket
from storage.errors import StorageUnavailable
from storage.leases import Lease
from tests.csvs import random_csv
from tests.photos.pictures import picture
from tests.values import published, random_values

CSV = random_csv(5000)


def doctor(**options):
    """The lines that the doctor prints, and what is wrong in the end."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("doctor", stdout=out, stderr=err, **options)
    except CommandError as error:
        return out.getvalue().splitlines(), str(error)
    assert not err.getvalue()
    return out.getvalue().splitlines(), None


@pytest.fixture
def fs():
    return connection.database.image_logs


@pytest.fixture
def log(ingest):
    made, _ = ingest(CSV)
    return made


@pytest.fixture
def photo():
    place = {"well": "A-1", "top_depth": 1.0, "base_depth": 2.0}
    return editing.add(ContentFile(picture(), name="box.png"), **place)[0]


def change(collection, query, **values):
    assert collection.update_one(query, {"$set": values}).matched_count == 1


def flipped(collection, file_id, n=0):
    """Flip a bit of a chunk."""
    chunk = collection.find_one({"files_id": file_id, "n": n})
    data = bytearray(chunk["data"])
    data[len(data) // 2] ^= 1
    change(collection, {"_id": chunk["_id"]}, data=bytes(data))


def lose_a_chunk(fs, log):
    fs.chunks.delete_one({"files_id": log.file_ids[0], "n": 1})
    return "in its pixels, chunk 1 is missing"


def lose_all_chunks(fs, log):
    fs.chunks.delete_many({"files_id": log.file_ids[1]})
    return "in its depths, chunks 0 to 2 are missing"


def truncate_a_chunk(fs, log):
    change(fs.chunks, {"files_id": log.file_ids[0], "n": 2}, data=b"short")
    return "in its pixels, chunk 2 has 5 bytes instead of 228000"


def flip_a_bit_of_the_pixels(fs, log):
    flipped(fs.chunks, log.file_ids[0])
    return "in its pixels, chunk 0 is not what was written"


def flip_a_bit_of_the_depths(fs, log):
    flipped(fs.chunks, log.file_ids[1])
    return "in its depths, chunk 0 is not what was written"


def add_a_chunk(fs, log):
    fs.chunks.insert_one({"files_id": log.file_ids[0], "n": 3, "data": b"x"})
    return "in its pixels, chunk 3 is there and should not be"


def lose_an_entry(fs, log):
    fs.files.delete_one({"_id": log.file_ids[1]})
    return f"in its depths, the file {log.file_ids[1]} is missing"


def change_the_length(fs, log):
    change(fs.files, {"_id": log.file_ids[0]}, length=7)
    return f"in its pixels, the length of the file {log.file_ids[0]} is 7 instead of 750000"


def disorder_the_depths(fs, log):
    """As a program would have written them that does not know the order."""
    change(fs.files, {"_id": log.file_ids[1]}, metadata={})
    swapped = dict(zip((0, 1), (1, 0), strict=True))
    for n, other in swapped.items():
        query = {"files_id": log.file_ids[1], "n": n}
        change(fs.chunks, query, n=-1 - other)
    for n in swapped:
        change(fs.chunks, {"files_id": log.file_ids[1], "n": -1 - n}, n=n)
    return "its depths are not ascending"


@pytest.mark.parametrize(
    "damage",
    [
        lose_a_chunk,
        lose_all_chunks,
        truncate_a_chunk,
        flip_a_bit_of_the_pixels,
        flip_a_bit_of_the_depths,
        add_a_chunk,
        lose_an_entry,
        change_the_length,
        disorder_the_depths,
    ],
)
def test_a_log_whose_traces_are_damaged_is_named_and_cannot_be_repaired(fs, log, damage):
    fault = damage(fs, log)
    line = f"{log.label}: {fault}: delete it and upload its file again"
    for options in ({}, {"fix": True}):
        lines, wrong = doctor(**options)
        assert lines[0] == line
        assert lines[-1].startswith("1 problem, 0 repaired")
        assert wrong == "1 problem is left"


def forget_the_tops(fs, log):
    ImageLog.objects.update(chunk_tops=bytes(24))
    return "its depths contradict chunk_tops in the catalogue"


def forget_the_ends(fs, log):
    ImageLog.objects.update(top=0.0, base=1e4)
    return "its depths contradict top, base in the catalogue"


def lose_a_chunk_of_an_overview(fs, log):
    fs.chunks.delete_one({"files_id": log.file_ids[2]})
    return "in its pixels of overview 1, chunk 0 is missing"


def miscount_the_grays(fs, log):
    ImageLog.objects.update(histogram=bytes(256 * 8))
    return "its histogram is not that of its pixels"


def forget_an_overview(fs, log):
    ImageLog.objects.update(overviews=log.overviews[:1])
    return "it has not the overviews that it should have"


def forget_files_of_overviews(fs, log):
    ImageLog.objects.update(file_ids=[*log.file_ids[:2], *log.file_ids[4:], *log.file_ids[2:4]])
    return "its files are not those of its overviews"


def mistake_the_tops_of_an_overview(fs, log):
    log.overviews[0].chunk_tops = bytes(8)
    ImageLog.objects.update(overviews=log.overviews)
    return "its depths contradict the chunk_tops of overview 1"


def forget_the_checksums(fs, log):
    ImageLog.objects.update(crcs=[])
    return "the catalogue does not hold the CRC-32 of its chunks"


def forget_the_checksums_of_an_overview(fs, log):
    log.overviews[0].crcs = []
    ImageLog.objects.update(overviews=log.overviews)
    return "the catalogue does not hold the CRC-32 of its chunks"


@pytest.mark.parametrize(
    "damage",
    [
        forget_the_checksums,
        forget_the_checksums_of_an_overview,
        forget_the_tops,
        forget_the_ends,
        lose_a_chunk_of_an_overview,
        miscount_the_grays,
        forget_an_overview,
        forget_files_of_overviews,
        mistake_the_tops_of_an_overview,
    ],
)
def test_what_can_be_made_from_the_traces_is_made_anew(fs, log, damage):
    fault = damage(fs, log)
    lines, wrong = doctor()
    assert f"{log.label}: {fault}: --fix repairs it" in lines
    assert wrong
    lines, wrong = doctor(fix=True)
    assert f"{log.label}: {fault}: repaired" in lines
    assert not wrong
    assert doctor()[1] is None
    mended = ImageLog.objects.get()
    for name in ("chunk_tops", "crcs", "top", "base", "histogram", "gaps"):
        assert getattr(mended, name) == getattr(log, name), name
    for level in mended.levels():
        base = mended.base + level.spacing
        assert len(read_level(mended, level, mended.top, base).depths) == level.rows
    whole = read_level(mended, mended.levels()[0], mended.top, mended.base)
    assert mended.gray_histogram().tolist() == histogram(whole.traces).tolist()


def miscount_the_nulls(log):
    ImageLog.objects.update(nulls=1)
    return "its statistics are not those of its values"


def mistake_a_percentile(log):
    log.statistics.quantiles = bytes(len(log.statistics.quantiles))
    ImageLog.objects.update(statistics=log.statistics)
    return "its statistics are not those of its values"


def forget_the_statistics(log):
    ImageLog.objects.update(statistics=None)
    return "it has no overviews and statistics"


@pytest.mark.parametrize(
    "damage", [miscount_the_nulls, mistake_a_percentile, forget_the_statistics]
)
def test_statistics_of_values_are_made_anew(damage):
    log = published(*random_values(3000, 16))
    assert doctor()[1] is None
    fault = damage(log)
    assert f"{log.label}: {fault}: --fix repairs it" in doctor()[0]
    assert doctor(fix=True)[1] is None
    assert doctor()[1] is None
    mended = ImageLog.objects.get()
    assert (mended.nulls, mended.statistics.count) == (log.nulls, 3000 * 16 - log.nulls)
    assert mended.statistics.quantiles == ImageLog.objects.get(pk=log.pk).statistics.quantiles


@pytest.mark.parametrize(("places", "damaged"), [(1, False), (-1, False), (8, True), (-8, True)])
def test_quantiles_that_another_version_of_numpy_sampled_are_no_damage(places, damaged):
    log = published(*random_values(3000, 16))
    quantiles = np.frombuffer(log.statistics.quantiles, "<f4")
    moved = quantiles[np.clip(np.arange(len(quantiles)) + places, 0, len(quantiles) - 1)]
    log.statistics.quantiles = moved.tobytes()
    ImageLog.objects.update(statistics=log.statistics)
    fault = f"{log.label}: its statistics are not those of its values: --fix repairs it"
    assert (fault in doctor()[0]) is damaged


def test_a_flipped_bit_of_a_value_is_found(fs):
    log = published(*random_values(3000, 16))
    flipped(fs.chunks, log.file_ids[0])
    assert "chunk 0 is not what was written" in doctor()[0][0]


def drop_the_index_of_the_chunks(fs):
    fs.chunks.drop_index("files_id_1_n_1")
    return "the index of image_logs.chunks on files_id, n is missing"


def make_the_index_of_the_chunks_plain(fs):
    fs.chunks.drop_index("files_id_1_n_1")
    fs.chunks.create_index({"files_id": 1, "n": 1})
    return "the index of image_logs.chunks on files_id, n is not unique"


def drop_the_index_of_the_files(fs):
    fs.files.drop_index("filename_1_uploadDate_1")
    return "the index of image_logs.files on filename, uploadDate is missing"


def drop_the_index_of_the_catalogue(fs):
    connection.database.images_imagelog.drop_index("same_part_same_log")
    return "the index of images_imagelog on well, sha256, name, part is missing"


def make_the_index_of_the_catalogue_plain(fs):
    logs = connection.database.images_imagelog
    logs.drop_index("same_part_same_log")
    condition = {"state": {"$eq": "ready"}}
    keys = {"well": 1, "sha256": 1, "name": 1, "part": 1}
    logs.create_index(keys, name="same_part_same_log", partialFilterExpression=condition)
    return "the index of images_imagelog on well, sha256, name, part is not unique"


def drop_the_index_of_the_users(fs):
    users = connection.database.auth_user
    for name, index in users.index_information().items():
        if index["key"] == [("username", 1)]:
            users.drop_index(name)
    return "the index of auth_user on username is missing"


@pytest.mark.parametrize(
    "damage",
    [
        drop_the_index_of_the_chunks,
        make_the_index_of_the_chunks_plain,
        drop_the_index_of_the_files,
        drop_the_index_of_the_catalogue,
        make_the_index_of_the_catalogue_plain,
        drop_the_index_of_the_users,
    ],
)
def test_indexes_are_made_again_and_unique(fs, log, damage):
    fault = damage(fs)
    lines, wrong = doctor()
    assert (lines[0], wrong) == (f"{fault}: --fix repairs it", "1 problem is left")
    lines, wrong = doctor(fix=True)
    assert (lines[0], wrong) == (f"{fault}: repaired", None)
    assert doctor()[1] is None


def forbid_the_index_of_the_chunks(fs):
    make_the_index_of_the_chunks_plain(fs)
    twin = {"files_id": ObjectId(), "n": 0}
    fs.chunks.insert_many([{**twin, "data": b"x"} for _ in range(2)])


def test_an_index_that_equal_documents_forbid_is_said_to_be_wrong_still(fs, log):
    forbid_the_index_of_the_chunks(fs)
    lines, wrong = doctor(fix=True)
    assert "image_logs.chunks on files_id, n is not unique: it cannot be made" in lines[0]
    assert wrong
    # The twins belonged to nothing, and are gone.
    assert doctor(fix=True)[1] is None
    assert doctor()[1] is None


def half_ingested(fs, log):
    ImageLog.objects.update(state="ingesting")
    return f"{log.label} was left half ingested"


def half_deleted(fs, log):
    ImageLog.objects.update(state="deleting")
    return f"{log.label} was left half deleted"


def stray_chunk(fs, log):
    stray = ObjectId()
    fs.chunks.insert_one({"files_id": stray, "n": 0, "data": b"12345"})
    return f"file {stray} of 5 bytes belongs to no image log"


def stray_entry(fs, log):
    stray = ObjectId()
    fs.files.insert_one({"_id": stray, "length": 0})
    return f"file {stray} of 0 bytes belongs to no image log"


def stray_photo(fs, log):
    stray = ObjectId()
    photos = connection.database.photos
    photos.chunks.insert_one({"files_id": stray, "n": 0, "data": b"12345"})
    indexes.of_bucket(Bucket("photos"), fix=True)
    return f"file {stray} of 5 bytes belongs to no photo"


@pytest.mark.parametrize(
    "damage", [half_ingested, half_deleted, stray_chunk, stray_entry, stray_photo]
)
def test_what_nothing_reaches_is_counted_and_removed(fs, log, damage):
    fault = damage(fs, log)
    for _ in range(2):
        lines, wrong = doctor()
        assert (lines[0], wrong) == (f"{fault}: --fix repairs it", "1 problem is left")
        assert findings.last().problems == 1
    lines, wrong = doctor(fix=True)
    assert (lines[0], wrong) == (f"{fault}: repaired", None)
    assert doctor()[1] is None
    ready = ImageLog.objects.filter(state="ready")
    assert fs.files.count_documents({}) == sum(len(log.file_ids) for log in ready)


def test_an_ingest_under_way_is_no_problem_unless_the_service_is_idle(log):
    ImageLog.objects.update(state="ingesting")
    Lease(Bucket("image_logs"), log.file_ids[:1], 60).hold()
    assert doctor(fix=True)[1] is None
    assert ImageLog.objects.exists()
    assert "was left half ingested: repaired" in doctor(fix=True, idle=True)[0][0]
    assert not ImageLog.objects.exists()


def test_several_doctors_at_once_do_no_harm(fs, log):
    ImageLog.objects.update(overviews=None, histogram=None)
    stray_chunk(fs, log)
    with ThreadPoolExecutor(3) as threads:
        assert [*threads.map(lambda _: doctor(fix=True)[1], range(3))] == [None] * 3
    # What several began and one completed, they removed themselves.
    assert doctor()[1] is None
    assert len(ImageLog.objects.get().overviews) == len(log.overviews)


def test_a_photo_of_before_gets_the_crc32_of_its_chunks(photo):
    files, known = connection.database.photos.files, {"metadata.chunkCrc32": {"$exists": True}}
    files.update_one({}, {"$unset": {"metadata.chunkCrc32": 1}})
    label = f"core photo {photo.pk} of well A-1 ({photo.photo.name})"
    assert doctor()[0][0] == f"{label}: it has no CRC-32 of its chunks: --fix repairs it"
    assert files.find_one(known) is None
    assert doctor(fix=True)[1] is None
    assert len(files.find_one(known)["metadata"]["chunkCrc32"]) == 4
    assert doctor()[1] is None


def test_damaged_photos_are_named(photo):
    bucket = connection.database.photos
    file_id = bucket.files.find_one()["_id"]
    label = f"core photo {photo.pk} of well A-1 ({photo.photo.name})"
    assert doctor()[1] is None
    flipped(bucket.chunks, file_id)
    lines, wrong = doctor(fix=True)
    differs = "chunk 0 is not what was written"
    assert lines[0] == f"{label}: {differs}: delete the photo and upload it again"
    assert wrong
    change(bucket.files, {"_id": file_id}, length=3)
    assert f"the length of the file {file_id} is 3 instead of" in doctor()[0][0]
    bucket.files.delete_one({"_id": file_id})
    assert lines[0].startswith(label)
    assert f"{label}: the file {file_id} is missing" in doctor()[0][0]


def test_make_run_repairs_what_a_quick_look_shows_and_reads_nothing_else(fs, log):
    lose_a_chunk(fs, log)
    fault = stray_chunk(fs, log)
    said = run._examination(idle=True)
    assert said.startswith(f"{fault}: repaired\n1 problem, 1 repaired")
    assert said.endswith("; logs and photos were not read")
    assert findings.last() is None


def test_what_a_quick_look_cannot_repair_does_not_keep_make_run_from_serving(fs, log):
    forbid_the_index_of_the_chunks(fs)
    assert run._examination(idle=True).endswith("1 problem is left: manage.py doctor")
    # The twins belonged to nothing, and are gone by the next start.
    assert "1 problem, 1 repaired" in run._examination(idle=True)


def test_the_last_findings_are_kept(log):
    connection.database.image_logs.chunks.insert_one(
        {"files_id": ObjectId(), "n": 0, "data": b"12345"}
    )
    assert findings.last() is None
    doctor()
    kept = findings.last()
    assert (kept.problems, kept.unreachable_bytes) == (1, 5)
    assert datetime.now(UTC) - kept.time < timedelta(minutes=1)
    lines, _ = doctor(fix=True)
    assert lines[-1] == "1 problem, 1 repaired, 0 unreachable bytes in 1 image log and 0 photos"
    assert findings.last()[1:] == (0, 0)


def test_where_mongodb_may_only_be_read_nothing_is_kept(failing_once):
    with failing_once("update", errorCode=13):
        assert not findings.note(0, 0)
    assert findings.last() is None


def test_where_mongodb_fails_so_does_the_doctor(failing):
    with failing(0), pymongo.timeout(0.3):
        _, wrong = doctor()
    assert "not finished, run it again: MongoDB cannot be reached" in wrong
    with failing(0), pymongo.timeout(0.3), pytest.raises(StorageUnavailable):
        findings.note(0, 0)
