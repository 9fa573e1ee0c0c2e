"""The names under which browsers save files."""

import pytest

from web.views import named


@pytest.mark.parametrize(
    ("stem", "header"),
    [
        ("48-19a", 'attachment; filename="48-19a.csv"'),
        ("15/9-F-4 A", 'attachment; filename="15_9-F-4 A.csv"'),
        ("../../etc/passwd", 'attachment; filename="_.._etc_passwd.csv"'),
        ('a"b\\c:d', 'attachment; filename="a_b_c_d.csv"'),
        ("a\r\nX: y", 'attachment; filename="a__X_ y.csv"'),
        ("井 1", "attachment; filename*=utf-8''%E4%BA%95%201.csv"),
        ("...", 'attachment; filename="file.csv"'),
    ],
)
def test_content_disposition_names_a_file_that_every_system_takes(stem, header):
    assert named(stem, "csv") == {"Content-Disposition": header}


def test_a_picture_is_shown_and_not_saved_by_its_content_disposition():
    assert named("A", "png", attached=False) == {"Content-Disposition": 'inline; filename="A.png"'}
