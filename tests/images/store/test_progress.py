"""How far an upload is, as the page that waits for it learns it."""

import pytest
from django.db import connection

from images.ingest.layout.plan import Options
from images.ingest.logs import LogsIngest
from images.store import progress
from images.store.progress import Progress, rows_read
from tests.server import form

ID = "0123456789abcdef"
CURVES = b"DEPTH,GR,RHOB\n1.0,50,2.5\n1.5,60,2.6\n2.0,55,2.4\n"


@pytest.fixture
def told(monkeypatch):
    """Each count that is told."""
    counts = []
    write = Progress.write
    monkeypatch.setattr(
        Progress, "write", lambda self: (write(self), counts.append(rows_read(ID)))[0]
    )
    return counts


@pytest.mark.parametrize("csv", [CURVES, CURVES.replace(b"DEPTH,GR,RHOB", b"depth,A[0],A[1]")])
def test_rows_are_told_while_they_are_read_and_nothing_is_left_at_the_end(told, csv):
    with LogsIngest(1 << 20) as ingest:
        ingest.progress = Progress(ID)
        ingest.feed(csv)
        ingest.publish("A", "a.csv", Options(), preview=True)
        assert rows_read(ID) == 3
    assert told[-1] == 3
    assert rows_read(ID) is None


def test_a_count_is_told_no_more_often_than_twice_a_second(told):
    upload = Progress(ID)
    for rows in range(1, 1000):
        upload.read(rows)
    assert told == [1]
    assert progress.WRITE_INTERVAL_SECONDS == 0.5


@pytest.mark.parametrize(
    "upload_id", [None, "", "short", "x" * 65, "{$gt: 0}-----------", "a/b" * 9]
)
def test_without_an_id_or_with_one_that_is_none_nothing_is_kept(upload_id):
    upload = Progress(upload_id)
    upload.read(7)
    upload.end()
    assert connection.database[progress.COLLECTION].count_documents({}) == 0


def test_an_upload_goes_on_where_its_progress_cannot_be_told(failing):
    upload = Progress(ID)
    with failing(0):
        upload.read(7)
    upload.read(8)
    upload.end()
    assert rows_read(ID) is None


def test_mongodb_removes_what_a_crash_left():
    indexes = connection.database[progress.COLLECTION].index_information()
    assert [i["expireAfterSeconds"] for i in indexes.values() if "at" in dict(i["key"])] == [3600]


def test_the_rows_of_an_upload_are_asked_for_by_its_id_in_any_process(server):
    Progress(ID).read(12_000)
    answer = server.get(f"/new-log/{ID}")
    assert answer.json == {"rows": 12_000}
    assert "no-store" in answer.headers["Cache-Control"]
    assert server.get("/new-log/fedcba9876543210").json == {"rows": None}
    body, headers = form(CURVES, "A-1", "a.csv")
    assert server.request("POST", "/logs/", body, {**headers, "Upload-ID": ID}).status == 200
    assert server.get(f"/new-log/{ID}").json == {"rows": None}
