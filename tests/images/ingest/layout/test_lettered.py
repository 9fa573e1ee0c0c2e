import pytest

from tests.images.ingest.layout.columns import found, only

EIGHT = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"]
BETWEEN = ["NNE", "ENE", "ESE", "SSE", "SSW", "WSW", "WNW", "NNW"]
SIXTEEN = [point for two in zip(EIGHT, BETWEEN, strict=True) for point in two]


@pytest.mark.parametrize(("pattern", "name"), [("GR_{}", "GR"), ("{}", "image")])
@pytest.mark.parametrize("points", [EIGHT, SIXTEEN])
def test_points_of_the_compass_are_azimuths_from_north(pattern, name, points):
    log = only([pattern.format(point) for point in points])
    assert (log.name, log.kind, log.width) == (name, "image", len(points))
    assert (log.first_azimuth, log.clockwise, log.azimuth_reference) == (0.0, True, "north")


def test_points_of_the_compass_may_go_the_other_way():
    log = only([f"GR_{point}" for point in EIGHT[2::-1] + EIGHT[:2:-1]])
    assert (log.first_azimuth, log.clockwise) == (90.0, False)


@pytest.mark.parametrize("names", [["N", "E"], EIGHT[::2], [*"NESWTUVX"]])
def test_a_few_points_or_other_letters_are_curves(names):
    assert {log.kind for log in found(names).logs} == {"curve"}


@pytest.mark.parametrize(("pattern", "name"), [("ROS{}", "ROS"), ("SEC_{}", "SEC"), ("s{}", "s")])
def test_letters_from_a_number_the_sectors_of_an_array(pattern, name):
    log = only([pattern.format(letter) for letter in "ABCDEFGHIJKLMNOP"])
    assert (log.name, log.kind, log.width, log.first_azimuth) == (name, "image", 16, None)


@pytest.mark.parametrize("letters", ["ABCD", "BCDEFGHI", "ABCDEFHI"])
def test_few_letters_or_gaps_are_curves(letters):
    assert {log.kind for log in found([f"RES{letter}" for letter in letters]).logs} == {"curve"}


def test_columns_called_by_letters_alone_are_curves():
    assert {log.kind for log in found([*"ABCDEFGHIJ"]).logs} == {"curve"}
