"""What the service writes for other programs, the service itself reads to the same values."""

import io

import numpy as np
import pytest

from images.embedded import Axis
from tests.csvs import random_csv
from tests.values import published, random_values

HEADERS = {"Content-Type": "application/octet-stream"}


def stored(server, log_id):
    answer = server.get(f"/get-images/0/1e6/?log={log_id}&format=npz")
    with np.load(io.BytesIO(answer.body)) as arrays:
        return arrays["depths"], arrays["traces"]


def taken(server, data, query):
    answer = server.request("POST", f"/logs/{query}", data, HEADERS)
    assert answer.status == 200, answer.body
    return answer.json


@pytest.mark.parametrize("form", ["las", "techlog"])
def test_an_image_comes_back_with_its_values_nulls_name_units_and_well(server, form):
    depths, values = random_values(60, 24)
    log = published(depths, values, well="A 1/2", name="RES", unit="ohm.m", depth_unit="m")
    sent = server.get(f"/get-images/0/1e6/?log={log.pk}&format={form}").body
    answer = taken(server, sent, "")
    [copy] = answer["logs"]
    assert (copy["well"], copy["name"], copy["unit"]) == ("A 1/2", "RES", "ohm.m")
    assert (copy["depth_unit"], copy["nulls"]) == ("m", int(np.isnan(values).sum()))
    assert copy["created"]
    for one, other in zip(stored(server, copy["id"]), (depths, values), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_azimuths_of_an_image_and_the_times_of_a_waveform_come_back_by_las(server):
    depths, values = random_values(60, 150)
    turn = {"first_azimuth": 90.5, "clockwise": False, "azimuth_reference": "top of hole"}
    wall = published(depths, values, name="AMP", **turn)
    times = Axis(name="time", unit="us", places=[100 + 4.5 * n for n in range(150)])
    wave = published(depths, values, name="WF", sha256="1" * 64, axis=times)
    copies = []
    for log in (wall, wave):
        sent = server.get(f"/get-images/0/1e6/?log={log.pk}&format=las").body
        [copy] = taken(server, sent, "?well=B")["logs"]
        copies.append(copy)
        np.testing.assert_array_equal(stored(server, copy["id"])[1], values)
    assert {name: copies[0][name] for name in turn} == turn
    assert (copies[1]["axis"]["unit"], copies[1]["axis"]["places"]) == ("us", times.places)


@pytest.mark.parametrize("form", ["las", "techlog"])
def test_what_is_irregular_and_without_units_comes_back(server, form):
    depths = np.sort(np.random.default_rng(1).uniform(100, 200, 60))
    values = random_values(60, 24)[1]
    values[[0, -1]] = np.nan
    log = published(depths, values, well='Well "A", 1 å', name="Amp: 1, x[2]")
    sent = server.get(f"/get-images/0/1e6/?log={log.pk}&format={form}").body
    [copy] = taken(server, sent, "")["logs"]
    assert (copy["well"], copy["name"]) == (log.well, "Amp_1_x_2")
    assert (copy["unit"], copy["depth_unit"]) == (None, None)
    for one, other in zip(stored(server, copy["id"]), (depths, values), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_csv_of_values_comes_back(server):
    depths, values = random_values(60, 24)
    log = published(depths, values, name="Amp, 1")
    sent = server.get(f"/get-images/0/1e6/?log={log.pk}&format=csv").body
    [copy] = taken(server, sent, "?well=B&name=AMP")["logs"]
    for one, other in zip(stored(server, copy["id"]), (depths, values), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("name", "form"),
    [("depth", "csv"), ("DEPT", "las"), ("TDEP", "techlog")],
)
def test_a_curve_with_the_name_of_the_column_of_depths_comes_back(server, name, form):
    depths, values = random_values(20, 1)
    log = published(depths, values, name=name)
    sent = server.get(f"/get-images/0/1e6/?log={log.pk}&format={form}").body
    [copy] = taken(server, sent, "?well=B")["curves"]
    assert copy["name"] == name
    for one, other in zip(stored(server, copy["id"]), (depths, values), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("form", ["las", "techlog"])
def test_a_curve_comes_back(server, form):
    depths, values = random_values(60, 1)
    log = published(depths, values, name="GR", unit="gAPI", depth_unit="ft")
    sent = server.get(f"/get-images/0/1e6/?log={log.pk}&format={form}").body
    [copy] = taken(server, sent, "?well=B")["curves"]
    assert (copy["name"], copy["unit"], copy["depth_unit"]) == ("GR", "gAPI", "ft")
    for one, other in zip(stored(server, copy["id"]), (depths, values), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_log_of_grays_comes_back_as_the_same_numbers(server, ingest):
    log, _ = ingest(random_csv(30))
    depths, traces = stored(server, log.pk)
    sent = server.get(f"/get-images/0/1e6/?log={log.pk}&format=las").body
    [copy] = taken(server, sent, "?well=B")["logs"]
    for one, other in zip(stored(server, copy["id"]), (depths, traces), strict=True):
        np.testing.assert_array_equal(one, other)
