"""Imports of picks: all of a file is seen or nothing, whatever becomes of MongoDB."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.db import connection
from pymongo.collection import Collection

from dips.errors import DipNotFound
from dips.models import Dip, DipImport, ImportLedger, Query
from dips.picks import editing, import_ledger, importing
from dips.picks.shown import one_shown
from storage.documents import collection
from storage.errors import StorageUnavailable
from wells import listing
from wells.errors import WellChanged
from wells.models import Well, change

WELL = "15/9-F-4 A"
PICKS = 7


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(import_ledger, "PIECE", 2)


def sent(picks=PICKS, first=1):
    lines = "".join(f"{first + n},2,3\n" for n in range(picks))
    data = f"depth,dip,azimuth\n{lines}".encode()
    return importing.imported(io.BytesIO(data), {"preview": False, "well": WELL}, "anna")


def seen():
    """How many picks a reader sees, by all ways."""
    query = Query(well=WELL)
    count = query.count()
    assert len(query[:1000]) == len([*query.each()]) == count
    return count


def stored():
    return collection(Dip).count_documents({})


def end_leases():
    """Let MongoDB's clock be past the lease, as far as imports know."""
    long_ago = {"under_way.$[].until": datetime(2000, 1, 1, tzinfo=UTC)}
    collection(ImportLedger).update_many({}, {"$set": long_ago})


@pytest.mark.parametrize("skip", [2, 9, *range(12, 18)])
def test_mongodb_away_at_any_moment_of_an_import_leaves_all_or_nothing(
    well, failing, skip, monkeypatch
):
    monkeypatch.setattr(importing, "SECONDS", 1)
    try:
        with failing(skip):
            sent()
        kept = PICKS
    except StorageUnavailable:
        kept = 0
    assert seen() in {kept, PICKS}
    kept = seen()
    hidden = stored() - kept
    assert len(import_ledger.unfinished(fix=True, idle=True)) == (hidden > 0)
    assert (stored(), seen()) == (kept, kept)
    assert sent()["created"] is (kept == 0)
    assert (stored(), seen()) == (PICKS, PICKS)
    assert import_ledger.unfinished(fix=False, idle=True) == []


@pytest.mark.parametrize("fails", ["insert_many", "_claim"])
def test_an_import_that_fails_while_it_is_written_makes_no_well(fails, monkeypatch):
    def lost(*_, **__):
        raise StorageUnavailable("MongoDB cannot be reached")

    with monkeypatch.context() as patch:
        patch.setattr(Collection if fails == "insert_many" else import_ledger, fails, lost)
        with pytest.raises(StorageUnavailable):
            sent()
    assert (stored(), Well.objects.count()) == (0, 0)
    assert sent()["created"] is True
    assert (seen(), Well.objects.get().name) == (PICKS, WELL)


def test_a_well_that_others_make_while_its_picks_are_written_stays_as_they_made_it(monkeypatch):
    def claim(*arguments):
        change(Well.ensure(WELL)[0].pk, {"bit_size": 8.5, "bit_size_unit": "in"})
        return claimed(*arguments)

    claimed = import_ledger._claim
    monkeypatch.setattr(import_ledger, "_claim", claim)
    assert sent()["created"] is True
    assert Well.objects.get().bit_size == 8.5
    [pick, *_] = Query(well=WELL)[:1]
    assert one_shown(*editing.found(pick["_id"]))["revision"] == 2


def test_picks_of_a_new_well_are_not_kept_where_others_make_it_in_another_unit(monkeypatch):
    def claim(*arguments):
        Well.ensure(WELL, "ft")
        return claimed(*arguments)

    claimed = import_ledger._claim
    monkeypatch.setattr(import_ledger, "_claim", claim)
    asked = {"preview": False, "well": WELL, "depth_unit": "m"}
    with pytest.raises(WellChanged, match="ft"):
        importing.imported(io.BytesIO(b"depth,dip,azimuth\n1,2,3\n"), asked, "anna")
    assert (stored(), Well.objects.get().depth_unit) == (0, "ft")


def test_a_file_in_metres_is_refused_where_the_well_has_got_feet_since_it_was_read(monkeypatch):
    def read(*arguments):
        Well.ensure(WELL, "ft")
        return found(*arguments)

    found = importing.read
    monkeypatch.setattr(importing, "read", read)
    data = b"depth,dip,azimuth\n1,2,3\n"
    asked = {"preview": False, "well": WELL, "depth_unit": "m"}
    with pytest.raises(WellChanged, match="ft"):
        importing.imported(io.BytesIO(data), asked, "anna")
    assert stored() == 0
    monkeypatch.undo()
    assert importing.imported(io.BytesIO(data), asked, "anna")["depth_unit"] == "ft"


def test_an_import_whose_answers_are_lost_shows_the_whole_once(well, losing_answers):
    with losing_answers():
        assert sent()["created"] is True
    assert (seen(), stored()) == (PICKS, PICKS)
    assert sent()["created"] is False


def test_an_import_that_stopped_before_it_was_published_is_replaced(well):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_ledger, "_publish", lambda *_: crash())
        with pytest.raises(SystemExit):
            sent()
    assert (seen(), stored(), collection(DipImport).count_documents({})) == (0, 0, 1)
    assert sent()["created"] is True
    assert (seen(), collection(DipImport).count_documents({})) == (PICKS, 1)


def test_a_reader_at_the_same_time_sees_all_of_an_import_or_nothing(well):
    with ThreadPoolExecutor(1) as people:
        writing = people.submit(sent, 400)
        counts = set()
        while not writing.done():
            counts.add(seen())
        writing.result()
    assert counts <= {0, 400}
    assert seen() == 400


def test_a_reader_that_began_before_an_import_sees_none_of_it_later(well):
    before = Query(well=WELL)
    assert before.count() == 0
    sent()
    assert before.count() == 0
    assert before.within(0, 1e6).count() == 0
    assert Query(well=WELL).within(0, 1e6).count() == seen() == PICKS
    assert Query(well=WELL).within(2, 3).count() == 2


def test_picks_of_an_import_that_crashed_are_seen_nowhere_and_deleted_by_the_doctor(well):
    sent(3, first=500)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_ledger, "_publish", lambda *_: crash())
        patch.setattr(import_ledger, "_undo", lambda *_: None)
        with pytest.raises(SystemExit):
            sent()
    assert (stored(), seen()) == (3 + PICKS, 3)
    hidden = collection(Dip).find_one({"depth": 1.0})
    with pytest.raises(DipNotFound):
        editing.found(hidden["_id"])
    assert listing.described([Well.objects.get(name=WELL)])[0]["dips"] == 3
    # Whoever imports may be alive until the lease has run out.
    assert import_ledger.unfinished(fix=True) == []
    assert stored() == 3 + PICKS
    end_leases()
    [damage] = import_ledger.unfinished(fix=False)
    assert f"{PICKS} picks" in str(damage)
    assert stored() == 3 + PICKS
    assert [found.repaired for found in import_ledger.unfinished(fix=True)] == [True]
    assert (stored(), seen()) == (3, 3)
    assert collection(ImportLedger).find_one()["under_way"] == []


def crash():
    raise SystemExit


def test_an_import_whose_lease_has_run_out_is_not_published(well, monkeypatch):
    monkeypatch.setattr(import_ledger, "LEASE_SECONDS", -1)
    with pytest.raises(StorageUnavailable, match="send it again"):
        sent()
    assert (seen(), stored()) == (0, 0)


def test_the_same_file_sent_by_many_at_once_is_kept_once(well):
    with ThreadPoolExecutor(4) as people:
        answers = [*people.map(lambda _: sent(), range(4))]
    assert sum(answer["created"] for answer in answers) == 1
    assert len({answer["id"] for answer in answers}) == 1
    assert (seen(), stored()) == (PICKS, PICKS)
    assert collection(DipImport).count_documents({}) == 1


def test_a_file_whose_picks_have_been_deleted_is_kept_anew(well):
    sent()
    collection(Dip).delete_many({})
    assert sent()["created"] is True
    assert seen() == PICKS


def test_picks_of_a_dump_that_are_younger_than_its_ledger_are_deleted_by_the_doctor(well):
    sent()
    collection(ImportLedger).delete_many({})
    assert seen() == 0
    assert len(import_ledger.unfinished(fix=True)) == 1
    assert stored() == 0
    assert sent()["created"] is True
    assert seen() == PICKS


def test_the_migration_lets_picks_that_are_there_be_seen(well):
    sent()
    collection(Dip).update_many({}, {"$unset": {"import_number": 1}})
    migration = import_module("dips.migrations.0002_import_ledger").Migration
    [add] = [one for one in migration.operations if type(one).__name__ == "AddField"]
    assert (add.model_name, add.name) == ("dip", "import_number")
    with connection.schema_editor() as editor:
        editor.add_field(Dip, Dip._meta.get_field("import_number"))
    assert seen() == PICKS
