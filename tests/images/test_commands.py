import io
import os

import pytest
from bson import ObjectId
from django.core.management import CommandError, call_command
from django.db import connection

from images.models import ImageLog
from images.store.window import read_level
from tests.csvs import lines, random_csv, row


def run(*args, **options):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(*args, stdout=out, stderr=err, **options)
    except CommandError as error:
        return str(error), out.getvalue(), err.getvalue()
    return None, out.getvalue(), err.getvalue()


@pytest.fixture
def files(tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(random_csv(20))
    bad.write_bytes(lines(row(), row(1, 7, col3="x"), row("")))
    return good, bad


def test_files_are_ingested_into_a_well(files):
    error, out, _ = run("ingest", files[0], well="A-1")
    log = ImageLog.objects.get()
    assert error is None
    assert (log.well, log.filename) == ("A-1", "good.csv")
    assert out.splitlines()[0].split() == [
        "file", "log", "rows", "width", "unit", "nulls", "warnings"
    ]  # fmt: skip
    assert out.splitlines()[1].split() == ["good.csv", "A-1", "image", "20", "150", "0"]
    assert "1 ingested, 0 refused" in out


def test_a_file_that_is_there_already_is_said_to_be(files):
    run("ingest", files[0])
    error, out, _ = run("ingest", files[0])
    assert error is None
    assert "default image (already there)" in out


def test_folders_are_gone_through_and_previews_store_nothing(files, tmp_path):
    (tmp_path / "deeper").mkdir()
    files[0].rename(tmp_path / "deeper" / "good.csv")
    (tmp_path / ".hidden").write_bytes(b"")
    files[1].unlink()
    error, out, _ = run("ingest", tmp_path, preview=True)
    assert (error, out.splitlines()[-1]) == (None, "1 looked at, 0 refused")
    assert not ImageLog.objects.exists()


def test_a_fifo_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    error, _, err = run("ingest", tmp_path / "pipe")
    assert "pipe: it is no regular file" in err
    assert error.startswith("refused: ")


def test_a_refused_file_is_explained_and_the_others_still_go_in(files, tmp_path):
    missing = tmp_path / "missing.csv"
    error, out, err = run("ingest", files[1], missing, files[0])
    assert "bad.csv" in error
    assert "missing.csv" in error
    assert "1 ingested, 2 refused" in out
    assert "bad.csv: line 3, column col3: 'x': not a number" in err
    assert "No such file" in err
    assert ImageLog.objects.get().filename == "good.csv"


def test_a_bad_name_of_a_well_ingests_nothing(files):
    error, _, _ = run("ingest", files[0], well="a\tb")
    assert "printable" in error
    assert not ImageLog.objects.exists()


def test_the_doctor_gives_overviews_to_logs_that_lack_them(ingest):
    log, _ = ingest(random_csv(5000))
    made = ImageLog.objects.get()
    files = connection.database.image_logs
    files.chunks.delete_many({"files_id": {"$in": log.file_ids[2:]}})
    files.files.delete_many({"_id": {"$in": log.file_ids[2:]}})
    ImageLog.objects.update(
        overviews=None, histogram=None, smallest_step=None, file_ids=[*log.file_ids[:2], ObjectId()]
    )
    error, out, _ = run("doctor", fix=True)
    assert error is None
    assert f"{log.label}: it has no overviews and statistics: repaired" in out
    remade = ImageLog.objects.get()
    assert bytes(remade.histogram) == bytes(made.histogram)
    assert (remade.smallest_step, remade.gap_count) == (0.5, 0)
    assert set(files.chunks.distinct("files_id")) == set(remade.file_ids)
    for before, after in zip(made.levels()[1:], remade.levels()[1:], strict=True):
        assert (before.number, before.rows, before.spacing) == (
            after.number,
            after.rows,
            after.spacing,
        )
        assert before.tops.tolist() == after.tops.tolist()
        block = read_level(remade, after, remade.top, remade.base + after.spacing)
        assert len(block.depths) == after.rows
    assert run("doctor")[0] is None


def test_the_sample_is_ingested_once(tmp_path):
    path = tmp_path / "sample.csv"
    run("sample", path)
    log = ImageLog.objects.get()
    assert (log.well, log.rows, log.top, log.base) == ("sample", 5460, 9000.1, 9546.0)
    assert log.sampling_interval == 0.1
    assert ImageLog.objects.count() == 1
