"""Wells: made once, changed in one act, kept as they were."""

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

import pytest
from bson import ObjectId
from django.apps import apps
from django.db import connection

from storage.documents import collection
from tests.csvs import random_csv
from wells.errors import AddressedByName, WellNotFound
from wells.models import PastWell, Well, change, natural_key, resolve, well_with_id


def test_a_well_is_made_once_by_many_at_the_same_time():
    with ThreadPoolExecutor(8) as people:
        made = [*people.map(lambda _: Well.ensure("15/9-F-4"), range(16))]
    assert len({well.pk for well, _ in made}) == 1
    assert sum(created for _, created in made) == 1


def test_the_unit_of_depth_is_noted_where_none_is_known_and_not_changed_later():
    Well.ensure("A")
    assert Well.ensure("A", "ft")[0].depth_unit == "ft"
    assert Well.ensure("A", "m")[0].depth_unit == "ft"


def test_names_sort_as_people_expect():
    names = ["F-10", "F-4", "f-4 A", "15/9-F-10", "15/9-F-2", "F-004"]
    expected = ["15/9-F-2", "15/9-F-10", "F-4", "F-004", "f-4 A", "F-10"]
    assert sorted(names, key=natural_key) == expected


def test_a_change_makes_a_new_generation_and_keeps_the_one_before():
    well, _ = Well.ensure("A", "m")
    changed = change(well.pk, {"bit_size": 8.5, "bit_size_unit": "in"}, "anna")
    assert (changed["generation"], changed["bit_size"], changed["changed_by"]) == (1, 8.5, "anna")
    past = collection(PastWell).find_one({"well": well.pk})
    assert (past["generation"], past["was"]["bit_size"]) == (0, None)


def test_a_change_that_changes_nothing_makes_no_generation():
    well, _ = Well.ensure("A", "m")
    assert change(well.pk, {"depth_unit": "m"})["generation"] == 0


def test_changes_at_the_same_time_are_all_made():
    well, _ = Well.ensure("A")
    with ThreadPoolExecutor(4) as people:
        [*people.map(lambda n: change(well.pk, {"declination": float(n)}), range(8))]
    generations = Well.objects.get(pk=well.pk).generation
    assert generations == 8
    assert PastWell.objects.filter(well=well.pk).count() == 8


def test_a_well_that_is_not_there_cannot_be_changed():
    with pytest.raises(WellNotFound):
        change(ObjectId(), {"declination": 1.0})


def test_a_change_whose_answer_is_lost_is_made_once(losing_answers):
    well, _ = Well.ensure("A")
    with losing_answers():
        changed = change(well.pk, {"declination": 2.0})
    assert changed["generation"] == 1
    assert Well.objects.get(pk=well.pk).generation == 1


def test_a_well_is_named_by_its_name_or_its_id():
    well, _ = Well.ensure("15/9-F-4 A")
    assert resolve(str(well.pk)) == "15/9-F-4 A"
    assert resolve("15/9-F-4 A") == "15/9-F-4 A"
    assert resolve("0" * 24) == "0" * 24


def test_an_upload_makes_the_well_that_it_names(ingest):
    ingest(random_csv(2), well="15/9-F-4")
    assert Well.objects.get(name="15/9-F-4").generation == 0
    ingest(random_csv(3), well="15/9-F-4")
    assert Well.objects.count() == 1


def test_the_migration_makes_wells_of_logs_and_photos_that_are_there(ingest):
    ingest(random_csv(2), well="old")
    Well.objects.all().delete()
    migration = import_module("wells.migrations.0001_initial")
    with connection.schema_editor() as editor:
        migration.make_wells(apps, editor)
        migration.make_wells(apps, editor)
    well = Well.objects.get()
    assert (well.name, well.calipers, well.references, well.survey) == ("old", [], {}, None)
    assert change(well.pk, {"depth_unit": "m"})["generation"] == 1


NFC, NFD = "S\u00fcd-1", "Su\u0308d-1"


def test_a_name_in_the_unicode_form_nfd_is_that_in_nfc():
    well, _ = Well.ensure(NFC)
    assert resolve(NFD) == resolve(str(well.pk)) == NFC


def test_a_well_that_was_stored_under_a_name_in_nfd_is_found_by_either_form():
    old, _ = Well.ensure(NFD)
    assert resolve(NFC) == resolve(NFD) == resolve(str(old.pk)) == NFD
    assert [*Well.listed("S\u00fcd")] == [*Well.listed("Su\u0308d")] == [old]
    with pytest.raises(AddressedByName):
        well_with_id(NFC)
