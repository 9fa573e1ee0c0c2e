import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pymongo
import pytest
from bson import ObjectId
from django.conf import settings
from django.db import connection
from django.utils import timezone
from gridfs import GridFSBucket

from images.errors import IngestOvertaken
from images.ingest.csv_ingest import Ingest
from images.models import ImageLog
from images.store import completion, journal, pyramid_files
from images.store.window import read_level
from storage.bucket import Bucket
from storage.documents import in_transaction
from storage.errors import StorageUnavailable
from storage.leases import Lease
from tests.conftest import end_transactions
from tests.images import killed
from tests.server import ROOT
from tests.values import drafted, published, random_values
from wells.models import Well

CSV = killed.CSV
# The driver sends commands again for so long, and for so long a test waits.
TRYING_SECONDS = 0.25
# The time limit of what is checked then, on a busy machine too.
PATIENT_SECONDS = 30


def nothing_is_unreachable():
    """Every GridFS document belongs to a log that is ready, and every such log is whole."""
    named = set()
    for log in ImageLog.objects.all():
        assert log.state == "ready"
        named |= set(log.file_ids)
        for level in log.levels():
            assert len(read_level(log, level, log.top, log.base).depths) == level.rows
    fs = connection.database.image_logs
    return set(fs.files.distinct("_id")) == named and set(fs.chunks.distinct("files_id")) == named


def reap(idle=False):
    """What there was to undo or finish, and the files that no log named."""
    return journal.unfinished(fix=True, idle=idle), journal.unreachable(fix=True)


def overdue():
    """All leases have run out, by MongoDB's clock."""
    past = [{"$set": {"until": {"$subtract": ["$$NOW", 1000]}}}]
    connection.database.image_logs.leases.update_many({}, past)


def by_another(do, *arguments):
    """Do something outside the transaction of this thread."""
    with ThreadPoolExecutor(1) as other:
        other.submit(do, *arguments).result()


def test_a_retired_log_is_gone_with_its_files(ingest):
    log, _ = ingest(CSV)
    assert journal.retire(log)
    assert not ImageLog.objects.exists()
    assert nothing_is_unreachable()
    assert not journal.retire(log)


@pytest.mark.parametrize(("state", "done"), [("ingesting", "ingested"), ("deleting", "deleted")])
def test_a_log_is_left_alone_while_whoever_is_at_it_holds_a_lease(ingest, monkeypatch, state, done):
    log, _ = ingest(CSV)
    ImageLog.objects.update(state=state)
    Lease(Bucket("image_logs"), log.file_ids[:1], 60).hold()
    # However fast the clock of the doctor's host is.
    monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + timedelta(hours=1))
    assert reap() == ([], [])
    assert ImageLog.objects.exists()
    overdue()
    [[found], unreachable] = reap()
    assert (found.repaired, unreachable) == (True, [])
    assert str(found) == f"{log.label} was left half {done}: repaired"
    assert found.unreachable_bytes == 40 * 158
    assert not ImageLog.objects.exists()
    assert nothing_is_unreachable()


def test_an_idle_service_has_no_writers_to_wait_for(ingest):
    ingest(CSV)
    ImageLog.objects.update(state="ingesting")
    assert len(reap(idle=True)[0]) == 1
    assert not ImageLog.objects.exists()


def test_looking_changes_nothing(ingest):
    ingest(CSV)
    ImageLog.objects.update(state="deleting")
    overdue()
    connection.database.image_logs.chunks.insert_one({"files_id": ObjectId(), "n": 0, "data": b"x"})
    for _ in range(2):
        assert [d.repaired for d in journal.unfinished(fix=False)] == [False]
        assert [d.unreachable_bytes for d in journal.unreachable(fix=False)] == [1]
    assert ImageLog.objects.count() == 1


def test_files_that_no_log_names_are_removed_and_no_others(ingest):
    log, _ = ingest(CSV)
    stray = ObjectId()
    connection.database.image_logs.chunks.insert_one({"files_id": stray, "n": 0, "data": b"x"})
    connection.database.image_logs.files.insert_one({"_id": ObjectId(), "length": 0})
    assert {damage.unreachable_bytes for damage in reap()[1]} == {0, 1}
    assert nothing_is_unreachable()
    assert ImageLog.objects.filter(pk=log.pk).exists()


def test_a_writer_that_was_taken_for_dead_learns_it_and_leaves_nothing(ingest, monkeypatch):
    monkeypatch.setattr(settings, "INGEST_LEASE_SECONDS", 0)
    write, reaped = pyramid_files.write, []

    def reaped_after_the_first_log(batch, *args):
        written = write(batch, *args)
        batch.send()
        reaped.append(reap())
        return written

    monkeypatch.setattr(pyramid_files, "write", reaped_after_the_first_log)
    with pytest.raises(IngestOvertaken):
        ingest(CSV)
    assert len(reaped[0][0]) == 1
    assert not ImageLog.objects.exists()
    assert nothing_is_unreachable()


def test_a_lease_is_renewed_while_files_are_written(ingest, monkeypatch):
    monkeypatch.setattr(settings, "INGEST_LEASE_SECONDS", 0.001)
    renewed, renew = [], Lease.renew
    monkeypatch.setattr(Lease, "renew", lambda lease: renewed.append(1) or renew(lease))
    _, created = ingest(CSV)
    assert created
    assert renewed
    assert connection.database.image_logs.leases.count_documents({}) == 0


def test_files_of_other_programs_in_the_bucket_of_before_are_left_alone(ingest):
    ingest(CSV)
    theirs = GridFSBucket(connection.database).upload_from_stream("theirs", b"abc")
    connection.database.fs.chunks.insert_one({"files_id": ObjectId(), "n": 0, "data": b"x"})
    marks = {"log": ObjectId(), "what": "pixels"}
    GridFSBucket(connection.database).upload_from_stream("ours", b"12345", metadata=marks)
    assert [damage.unreachable_bytes for damage in reap()[1]] == [5]
    assert connection.database.fs.files.distinct("_id") == [theirs]
    assert connection.database.fs.chunks.count_documents({}) == 2


def test_a_log_of_the_bucket_of_before_is_read_and_retired_there(ingest):
    log, _ = ingest(CSV)
    for part in ("files", "chunks"):
        here, there = (connection.database[f"{name}.{part}"] for name in ("image_logs", "fs"))
        there.insert_many(here.find())
        here.delete_many({})
    connection.database[ImageLog._meta.db_table].update_one({}, {"$unset": {"bucket": 1}})
    log = ImageLog.with_id(log.pk)
    assert len(read_level(log, log.levels()[0], log.top, log.base).depths) == log.rows
    assert journal.retire(log)
    assert not any(connection.database.fs[part].count_documents({}) for part in ("files", "chunks"))


def test_a_log_is_retired_with_the_overviews_that_were_made_since_it_was_read(ingest):
    stale, _ = ingest(CSV)
    completion.complete(ImageLog.with_id(stale.pk))
    assert journal.retire(stale)
    assert nothing_is_unreachable()


def test_the_same_file_sent_by_many_at_the_same_time_is_one_log():
    start = threading.Barrier(6)

    def send(_):
        with Ingest(1 << 30) as ingest:
            ingest.feed(CSV)
            start.wait()
            return ingest.publish("A-1", "log.csv")

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(send, range(6)))
    assert len({log.pk for log, _ in answers}) == 1
    assert sorted(created for _, created in answers) == [False] * 5 + [True]
    assert ImageLog.objects.count() == 1
    assert nothing_is_unreachable()


def test_mongodb_lost_at_any_command_of_an_ingest_shows_nothing_and_the_reaper_cleans(
    ingest, failing
):
    for skip in range(40):
        try:
            with failing(skip), pymongo.timeout(TRYING_SECONDS):
                log, created = ingest(CSV)
        except StorageUnavailable:
            assert not ImageLog.objects.filter(state="ready").exists()
            assert not Well.objects.exists()
            reap(idle=True)
            assert not ImageLog.objects.exists()
            assert nothing_is_unreachable()
        else:
            assert created
            break
    assert skip > 5  # there were that many commands to fail
    assert ImageLog.objects.get().pk == log.pk


def test_an_ingest_whose_files_cannot_be_stored_leaves_no_empty_well(ingest, monkeypatch):
    def full(*_):
        raise StorageUnavailable("the disk of MongoDB is full")

    monkeypatch.setattr(pyramid_files, "write", full)
    with pytest.raises(StorageUnavailable):
        ingest(CSV, well="mistyped")
    assert not ImageLog.objects.exists()
    assert not Well.objects.exists()


def test_overviews_that_are_on_their_way_when_mongodb_is_lost_are_undone(failing, monkeypatch):
    # Each chunk is a batch: overviews are sent while the traces are.
    monkeypatch.setattr("storage.writer.BATCH_BYTES", 1)
    monkeypatch.setattr("images.store.chunks.CHUNK_BYTES", 2_000)
    monkeypatch.setattr("images.store.overviews.FEWEST_VALUES", 1)
    depths, values = random_values(1_100, 4)
    for skip in (8, 11):
        with (
            pytest.raises(StorageUnavailable),
            failing(skip),
            pymongo.timeout(TRYING_SECONDS),
        ):
            published(depths, values)
        assert not ImageLog.objects.filter(state="ready").exists()
        reap(idle=True)
        assert nothing_is_unreachable()
    log = published(depths, values)
    assert [overview.rows for overview in log.overviews] == [275]
    assert nothing_is_unreachable()


def test_mongodb_lost_at_any_command_of_a_delete_never_half_deletes(ingest, failing):
    unavailable = 0
    for skip in range(40):
        log, _ = ingest(CSV)
        try:
            with failing(skip), pymongo.timeout(TRYING_SECONDS):
                assert journal.retire(log)
        except StorageUnavailable:
            unavailable += 1
            assert ImageLog.objects.get().state == "ready"
            continue
        left = ImageLog.objects.count()
        assert not ImageLog.objects.filter(state="ready").exists()
        reap(idle=True)
        assert not ImageLog.objects.exists()
        assert nothing_is_unreachable()
        if not left:
            break
    assert unavailable
    assert skip > unavailable  # what could not be removed was left at times


@pytest.mark.parametrize("command", ["insert", "update"])
@pytest.mark.parametrize(
    "how",
    [
        {"closeConnection": True},
        {"errorCode": 10107},  # this is no primary any more
        {"writeConcernError": {"code": 89, "errmsg": "timed out"}},  # it was done
    ],
    ids=["lost", "not-primary", "done"],
)
def test_a_failover_at_a_write_of_an_ingest_is_not_noticed(ingest, failing_once, command, how):
    with failing_once(command, **how):
        log, created = ingest(CSV)
    assert created
    assert ImageLog.objects.get(state="ready").pk == log.pk
    assert nothing_is_unreachable()


def test_an_ingest_and_a_delete_whose_every_answer_is_lost_once_are_done(ingest, losing_answers):
    with losing_answers():
        log, created = ingest(CSV)
        assert created
        assert nothing_is_unreachable()
        assert journal.retire(log)
    assert not ImageLog.objects.exists()
    assert nothing_is_unreachable()


def test_a_log_that_was_published_while_mongodb_seemed_away_is_answered_as_new(ingest, monkeypatch):
    def unanswered(write):
        in_transaction(write)
        raise StorageUnavailable("MongoDB cannot be reached")

    monkeypatch.setattr(journal, "in_transaction", unanswered)
    log, created = ingest(CSV)
    assert created
    assert (log.state, ImageLog.objects.get().state) == ("ready", "ready")


@pytest.fixture(scope="module")
def run_and_kill():
    """Run an action in a process that is killed before the command of a certain number.

    True when the process came to its end, False when it was killed.
    """
    command = [sys.executable, "-m", killed.__name__]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as server:

        def run(command_number, action):
            print(command_number, action, file=server.stdin, flush=True)
            code = int(server.stdout.readline())
            assert code in {0, -signal.SIGKILL}
            return code == 0

        yield run


def test_a_process_killed_at_any_command_of_an_ingest_leaves_all_or_nothing(run_and_kill):
    for number in range(1, 40):
        finished = run_and_kill(number, "ingest")
        end_transactions()
        # The last command publishes, or asks whether it did; before it nothing is to be seen.
        seen = ImageLog.objects.filter(state="ready").count()
        assert seen in ({1} if finished else {0, 1})
        assert Well.objects.count() == seen
        reap(idle=True)
        assert ImageLog.objects.count() == seen
        assert nothing_is_unreachable()
        if finished:
            break
    assert number > 6


def test_a_process_killed_at_any_command_of_a_delete_leaves_all_or_nothing(ingest, run_and_kill):
    for number in range(1, 40):
        ingest(CSV)
        finished = run_and_kill(number, "delete")
        seen = ImageLog.objects.filter(state="ready").count()
        reap(idle=True)
        assert ImageLog.objects.count() == seen
        assert nothing_is_unreachable()
        if finished:
            break
    assert seen == 0
    assert number > 3


@pytest.fixture
def publish_several():
    """Publish the logs of one file, of these names, and return each with whether it is new."""

    def publish_several(*names):
        with ExitStack() as stack:
            drafts = [
                stack.enter_context(drafted(*random_values(30, 4), name=name)) for name in names
            ]
            return journal.publish(drafts)

    return publish_several


def test_the_logs_of_one_file_are_published_together_and_those_that_are_there_are_found(
    publish_several,
):
    [[one, _]] = publish_several("A")
    [first, second, third] = publish_several("A", "B", "C")
    assert first == (one, False)
    assert (second[1], third[1]) == (True, True)
    assert [created for _, created in publish_several("A", "B", "C")] == [False] * 3
    assert ImageLog.objects.filter(state="ready").count() == 3
    assert nothing_is_unreachable()


def test_mongodb_lost_at_any_command_shows_all_logs_of_a_file_or_none(publish_several, failing):
    for skip in range(60):
        try:
            with failing(skip), pymongo.timeout(TRYING_SECONDS):
                publish_several("A", "B")
        except StorageUnavailable:
            with pymongo.timeout(PATIENT_SECONDS):
                ready = ImageLog.objects.filter(state="ready").count()
                assert (ready, Well.objects.count()) in {(0, 0), (2, 1)}
                Well.objects.all().delete()
                reap(idle=True)
                for log in ImageLog.objects.all():
                    journal.retire(log)
                assert nothing_is_unreachable()
        else:
            break
    assert skip > 8  # there were that many commands to fail
    assert ImageLog.objects.filter(state="ready").count() == 2


def test_where_one_log_of_a_file_is_overtaken_none_is_shown(publish_several, monkeypatch):
    flip = journal._update_to_ready

    def overtaken(logs):
        changed = {"name": "B"}, {"$set": {"state": "deleting"}}
        by_another(connection.database.images_imagelog.update_one, *changed)
        flip(logs)

    monkeypatch.setattr(journal, "_update_to_ready", overtaken)
    with pytest.raises(IngestOvertaken):
        publish_several("A", "B", "C")
    assert not ImageLog.objects.filter(state="ready").exists()
    reap(idle=True)
    assert nothing_is_unreachable()


def test_where_others_published_one_log_of_a_file_meanwhile_none_is_shown_twice(
    publish_several, monkeypatch
):
    flip, raced = journal._update_to_ready, []

    def raced_by(*names):
        def overtaken(logs):
            if not raced:
                raced.append(True)
                by_another(publish_several, *names)
            flip(logs)

        monkeypatch.setattr(journal, "_update_to_ready", overtaken)

    raced_by("A")
    with pytest.raises(IngestOvertaken, match="send it again"):
        publish_several("A", "B")
    assert [log.name for log in ImageLog.objects.all()] == ["A"]
    assert [created for _, created in publish_several("A", "B")] == [False, True]
    raced.clear()
    raced_by("C", "D")
    assert [created for _, created in publish_several("C", "D")] == [False, False]
    assert nothing_is_unreachable()
