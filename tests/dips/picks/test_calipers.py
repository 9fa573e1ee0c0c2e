"""Diameters from caliper curves, and picks that follow them."""

import numpy as np
import pytest

from dips.models import Query
from dips.picks import editing, holes
from dips.picks.calipers import calipers
from dips.picks.shown import one_shown
from dips.planes import geometry
from images.models import ImageLog
from images.store import journal
from tests.values import published
from wells.models import Well

SINE = {"depth": 1500.0, "height": 0.4, "azimuth": 75.0, "reference": "top of hole"}


def curve(well, depths, inches, name="CALI", unit="in"):
    """A caliper curve of a well."""
    values = np.array(inches, np.float32)[:, None]
    return published(np.array(depths, float), values, well=well, name=name, unit=unit)


def made(well, **fields):
    return editing.add(holes.hole(well.name), {**SINE, **fields}, "anna")


def now(dip):
    return one_shown(*editing.found(editing.ObjectId(dip["id"])))


def test_the_diameter_is_that_of_the_caliper_where_there_is_one(well):
    log = curve(well.name, np.arange(1000, 2000, 0.5), np.full(2000, 9.25))
    dip = made(well)
    assert (dip["diameter"], dip["diameter_unit"], dip["diameter_source"]) == (
        9.25,
        "in",
        "caliper",
    )
    assert dip["caliper"] == str(log.pk)
    assert dip["apparent_dip"] == pytest.approx(geometry.apparent_dip(0.4, 9.25 * 0.0254))
    assert made(well, depth=2500.0)["diameter_source"] == "bit size"


def test_the_unit_of_the_caliper_is_converted(well):
    curve(well.name, np.arange(1000, 2000, 0.5), np.full(2000, 234.95), unit="MM")
    dip = made(well)
    assert dip["apparent_dip"] == pytest.approx(geometry.apparent_dip(0.4, 0.23495), abs=1e-5)


def test_a_curve_that_comes_or_goes_computes_all_picks_of_the_well_anew(well):
    dip = made(well)
    log = curve(well.name, np.arange(1000, 2000, 0.5), np.full(2000, 9.25))
    with_curve = now(dip)
    assert (with_curve["diameter_source"], with_curve["revision"]) == ("caliper", 2)
    assert with_curve["recomputed_at"] is not None
    journal.retire(log)
    without = now(dip)
    assert (without["diameter_source"], without["revision"]) == ("bit size", 3)
    assert without["apparent_dip"] == dip["apparent_dip"]


def test_between_readings_the_diameter_is_interpolated_and_nulls_are_gaps(well):
    depths = np.arange(1000, 1010, 0.5)
    inches = 8 + (depths - 1000) / 10
    inches[8:14] = np.nan  # 1004.0 to 1006.5
    curve(well.name, depths, inches)
    wanted = [999.4, 999.6, 1000.25, 1003.75, 1005.25, 1006.75, 1009.5, 1010.1]
    for depth in wanted:
        made(well, depth=depth)
    hole = holes.hole(well.name)
    found = calipers(Query(well=well.name)[:100], hole).diameter
    expected = [np.nan, 8, 8.025, 8.35, np.nan, 8.7, 8.95, np.nan]
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_the_next_curve_is_asked_where_the_first_has_none(well):
    second = curve(well.name, np.arange(1000, 2000, 0.5), np.full(2000, 9.25), name="C1")
    curve(well.name, np.arange(1000, 1100, 0.5), np.full(200, 12.5), name="CALI")
    assert made(well, depth=1050.0)["diameter"] == 12.5
    assert made(well)["caliper"] == str(second.pk)


def test_curves_of_other_wells_names_and_units_are_not_asked(well):
    depths, inches = np.arange(1000, 2000, 0.5), np.full(2000, 9.25)
    curve("another", depths, inches)
    curve(well.name, depths, inches, name="GR")
    curve(well.name, depths, inches, unit="ohm.m")
    assert made(well)["diameter_source"] == "bit size"


def test_the_reference_of_a_log_is_that_of_its_picks_also_when_it_is_corrected(well):
    values = np.zeros((5, 8), np.float32)
    log = published(
        np.arange(1000.0, 1005), values, well=well.name, name="ABDC", azimuth_reference="north"
    )
    hole = holes.note_reference(holes.hole(well.name), holes.log_with_id(log.pk))
    dip = editing.add(hole, {**SINE, "reference": None, "log": log.pk}, "anna")
    assert (dip["reference"], dip["revision"]) == ("north", 1)
    assert (now(dip)["reference"], now(dip)["revision"]) == ("north", 1)
    log.change({}, azimuth_reference="top of hole")
    assert (now(dip)["reference"], now(dip)["revision"]) == ("top of hole", 2)
    journal.retire(ImageLog.objects.get(pk=log.pk))
    assert (now(dip)["reference"], now(dip)["revision"]) == ("top of hole", 2)


def test_a_well_counts_its_curves_apart_from_its_images(well):
    from wells import listing

    curve(well.name, np.arange(1000, 1010, 0.5), np.full(20, 9.25))
    [found] = listing.described([Well.objects.get(pk=well.pk)])
    assert (found["logs"], found["curves"], found["top"], found["base"]) == (0, 1, 1000, 1009.5)
