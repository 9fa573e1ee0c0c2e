import pytest

from web.errors import PreconditionFailed
from web.problems import BY_NAME, title


@pytest.mark.parametrize("row", BY_NAME.values(), ids=lambda row: row.name)
def test_every_row_says_what_it_means_and_gives_an_example(row):
    assert row.meaning.endswith(".")
    assert row.example
    assert 400 <= row.status < 600
    assert title(row.name)[0].isupper()


def test_the_exception_of_a_row_gives_its_name_and_its_meaning():
    row = BY_NAME["precondition-failed"]
    assert row.errors is PreconditionFailed
    assert row.meaning == "It has another ETag than `If-Match` says."
