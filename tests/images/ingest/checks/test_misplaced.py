"""Picks and surveys that are sent where logs are taken."""

import pytest

from images.ingest.checks.misplaced import PICKS, SURVEY, hint, suspected
from images.ingest.names.columns import column_of
from images.ingest.table import Column


def codes(header, step=0.1):
    columns = [column_of(name) for name in header.split(",")]
    return [code for code, _ in suspected(columns, step)]


@pytest.mark.parametrize(
    "header",
    [
        *(
            "DEPTH,DIP,AZI",
            "MD (m),True Dip (deg),Dip Direction",
            "depth,strike,dip",
            "DEPT,TDIP,DPAZ",
        ),
        *(
            "Depth,Dip,Azimuth,DEVI,HAZI",
            "depth,height,azimuth_toh",
            "DEPT,DPAP,DPAPAZ,DPTR,DPTRAZ",
        ),
    ],
)
def test_depth_with_dip_and_azimuth_looks_like_picks(header):
    assert codes(header) == [PICKS]


@pytest.mark.parametrize(
    ("header", "step"),
    [
        *(
            ("MD,INC,AZI", 0.1),
            ("DEPTH,DEVI,HAZI", None),
            ("MD,Inclination (deg),Azimuth (deg)", 30),
        ),
        *(("MD,INC,AZIM,TVD,NS,EW,DLS", 28.7), ("MD,INC,AZ,DIP,BTOTAL", 30)),
        ("DEPT,DEVI,HAZI,AZIM", 0.1),
    ],
)
def test_depth_with_inclination_and_azimuth_looks_like_a_survey(header, step):
    assert codes(header, step) == [SURVEY]


@pytest.mark.parametrize(
    "header",
    [
        *("DEPT,GR,CALI,DEVI,HAZI,P1AZ", "DEPT,GR", "DEPT,DIP,GR", "DEPT,DEVI,GR"),
        *("DEPT,ORIENTATION", "DEPT,DEVI,AZI,AZIM"),
    ],
)
def test_logs_with_some_of_these_names_look_like_neither(header):
    assert codes(header) == []


def test_a_mud_log_with_the_angles_of_the_hole_is_no_survey():
    assert codes("DEPTH,ROP,WOB,INC,AZI", 5.0) == []


def test_two_angles_in_a_column_of_text_are_picks():
    [(code, detail)] = suspected([Column("Depth"), Column("Attitude", reason="it is text")], None)
    assert code == PICKS
    assert "by its Attitude the table looks like a list of picks: POST /dips/import/" in detail
    assert hint([("other", "x"), (code, detail)]) == f"; {detail}"
    assert hint([("other", "x")]) == ""
