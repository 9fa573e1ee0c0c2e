import pytest

from web.problems import BY_NAME, title


@pytest.mark.parametrize("row", BY_NAME.values(), ids=lambda row: row.name)
def test_every_row_says_what_it_means_and_gives_an_example(row):
    assert row.meaning.endswith(".")
    assert row.example
    assert 400 <= row.status < 600
    assert title(row.name)[0].isupper()
