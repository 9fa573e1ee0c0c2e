"""What files of tables are written in, and how large they may be."""

import time
from contextlib import suppress

import pytest

from tables.table import TableTooLarge
from tests.tables.files import read
from tests.tables.times import MANY


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_texts_are_read_in_the_encodings_of_the_field(encoding):
    table = read("depth,azimuth (°)\n1,2\n".encode(encoding))
    assert [column.plain for column in table.columns] == ["depth", "azimuth"]
    assert table.assumption is None


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *(("трещина открытая", encoding) for encoding in ("cp1251", "cp866")),
        *(("開いた割れ目", "cp932"), ("ガンマ線", "euc-jp"), ("開口裂隙 張開", "big5")),
        *(("ανοιχτή ρωγμή", "cp1253"), ("Klüfte – groß", "cp1252"), ("über åäö", "cp1252")),
        *(("créées étérées", "cp1252"), ("fissure dégagée hétérogène", "cp1252")),
    ],
)
def test_letters_that_are_not_utf_8_are_read_as_what_they_look_like_and_told(text, encoding):
    table = read(f"depth,azimuth,note\n1,2,{text}\n".encode(encoding))
    assert table.rows[0].fields[2] == text
    assert f"read as {encoding.upper()}, as in '1,2,{text}'" in table.assumption


LARGE = {
    "blank lines": "\n" * MANY * 6,
    "comments": "#\n" * MANY * 6,
    "one line": "1," * MANY,
    "one line of tabs": "x" + "\t" * MANY + "x",
    "a header of brackets": "depth,azimuth," + "(" * MANY + "\n1,2,3\n",
    "a header of blanks": "depth,azimuth,x" + " " * 90_000 + "x\n1,2,3\n",
    "many columns": "depth,azimuth\n" + "1," * 40_000 + "\n",
    "lines above the header": ("a b" * 30_000 + "\n") * 200 + "depth azimuth\n1 2\n",
    "no numbers": "depth,azimuth\n" + ("x," * 500 + "\n") * 2_000,
    "rows of units": '"\n' * MANY,
    "a title": "well" + "\t" * 90_000 + "x\ndepth,azimuth\n1,2\n",
    "a line of LAS": "~C\nDEPTH" + " " * 90_000 + "x\n",
    "a value of LAS": "~C\nDEPTH.M" + " " * 90_000 + "x" + " :" * 2_000 + "\n",
    "the head of LAS": "~O\n" + "a 1: b\n" * MANY,
    "the columns of LAS": "~C\n" + "a.b : c\n" * MANY,
    "sections of LAS": "~A\n~Log_Definition\na.b : c\n" * 5_000,
    "rows of LAS": "~C\nDEPTH.M :\n~A\n" + "1 " * 40_000 + "\n",
}


@pytest.mark.parametrize("what", LARGE)
def test_what_a_table_can_take_of_time_is_bounded_whatever_is_in_it(what):
    since = time.thread_time()
    with suppress(TableTooLarge):
        read(LARGE[what].encode())
    assert time.thread_time() - since < 5  # it was minutes


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("blank lines", "line 1000001: there are more than 1000000 lines"),
        ("one line", "line 1: the line has more than 100000 characters"),
        ("many columns", "line 2: the line has 40001 fields; at most 1000"),
        ("no numbers", "line 202: 200 lines below the header have no numbers"),
        ("sections of LAS", "line 1501: there are more than 1000 sections"),
        ("the head of LAS", "line 50002: there are more than 50000 lines beside the rows"),
    ],
)
def test_a_table_that_is_larger_than_any_is_refused_in_a_sentence(what, reason):
    with pytest.raises(TableTooLarge) as refused:
        read(LARGE[what].encode())
    assert str(refused.value) == reason
