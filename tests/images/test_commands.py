import io
import os
from argparse import _SubParsersAction

import pytest
from bson import ObjectId
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import connection

from images.models import ImageLog
from images.store import journal
from images.store.window import read_level
from tests.csvs import lines, random_csv, row
from wells.models import Well


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


@pytest.fixture
def logs(ingest):
    """Two logs of well A 1 and one of B."""
    return [
        ingest(random_csv(20, seed=seed), well=well)[0]
        for seed, well in enumerate(("A 1", "A 1", "B"))
    ]


@pytest.fixture
def answering(monkeypatch):
    """Answer the next question; what was asked."""
    asked = []

    def answering(text):
        monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or text)
        return asked

    return answering


def test_logs_are_listed_as_a_table_all_or_those_of_a_well_by_name_or_id(logs):
    error, out, _ = run("logs", "list")
    head, *lines, count = out.splitlines()
    assert error is None
    assert head.split() == ["id", "well", "name", "unit", "rows", "width", "top", "base", "file"]
    assert [line.split()[0] for line in lines] == [str(log.pk) for log in logs]
    assert lines[2].split()[1:] == ["B", "image", "20", "150", "100", "109.5", "log.csv"]
    assert count == "3 logs"
    for well in ("A 1", str(Well.objects.get(name="A 1").pk)):
        assert run("logs", "list", well=well)[1].splitlines()[-1] == "2 logs"


def test_logs_are_deleted_by_id_after_a_question(logs, answering):
    asked = answering("y")
    error, out, _ = run("logs", "delete", str(logs[0].pk))
    assert error is None
    assert asked == ["Delete this log for ever? [y/N] "]
    assert str(logs[0].pk) in out
    assert out.endswith("1 deleted\n")
    assert {*ImageLog.objects.values_list("pk", flat=True)} == {logs[1].pk, logs[2].pk}


def test_all_logs_of_a_well_are_deleted_without_a_question_with_yes(logs):
    assert run("logs", "delete", well="A 1", yes=True)[0] is None
    assert ImageLog.objects.get().well == "B"


def test_a_log_that_another_deletes_before_the_answer_is_told(logs, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda _: journal.retire(logs[0]) and "y")
    error, out, _ = run("logs", "delete", well="A 1")
    assert error == f"deleted by others meanwhile: {logs[0].pk}"
    assert out.endswith("1 deleted\n")


@pytest.mark.parametrize("answer", ["", "n", "no", "delete"])
def test_another_answer_than_yes_deletes_no_log(logs, answering, answer):
    answering(answer)
    assert run("logs", "delete", well="A 1")[0] == "nothing was deleted"
    assert ImageLog.objects.count() == 3


def test_where_nobody_can_be_asked_yes_is_needed(logs, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert "say --yes" in run("logs", "delete", well="A 1")[0]
    assert ImageLog.objects.count() == 3


@pytest.mark.parametrize("missing", ["f" * 24, "x"])
def test_no_log_is_deleted_where_one_of_the_ids_is_of_none(logs, missing):
    error, _, _ = run("logs", "delete", str(logs[0].pk), missing, yes=True)
    assert error == f"there is no log {missing}; nothing was deleted"
    assert ImageLog.objects.count() == 3


def test_which_logs_to_delete_has_to_be_said(logs):
    assert "either" in run("logs", "delete", yes=True)[0]
    assert "either" in run("logs", "delete", str(logs[0].pk), well="B", yes=True)[0]
    assert run("logs", "delete", well="C", yes=True)[0] == "well C has no logs"
    assert ImageLog.objects.count() == 3


def test_every_command_and_option_has_a_help_text():
    apps = {"images", "image_processor", "photos"}
    ours = {name: app for name, app in get_commands().items() if app in apps}
    assert ours.keys() >= {"doctor", "import_photos", "ingest", "logs", "token"}
    parsers = [load_command_class(app, name).create_parser("", name) for name, app in ours.items()]
    assert all(parser.description for parser in parsers)
    for parser in parsers:
        for action in parser._actions:
            if isinstance(action, _SubParsersAction):
                assert all(verb.help for verb in action._choices_actions)
                parsers.extend(action.choices.values())
            else:
                assert action.help, (parser.prog, action.dest)
