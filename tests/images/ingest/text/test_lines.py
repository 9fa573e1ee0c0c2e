import codecs

import pytest

from images.ingest import open_file
from images.ingest.layout.plan import Options
from tests.images.ingest.files import LIMIT, opened, table
from tests.images.ingest.text.texts import assert_read, text


def warnings(data):
    with opened(data) as file, open_file.contents(file, LIMIT, Options()) as found:
        return found.warnings


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "koi8-r"])
def test_cyrillic_headers_of_windows_dos_and_unix_are_read_and_told(encoding):
    data = "Глубина;ГК\nм;мкР/ч\n100;1,5\n100,5;2,5\n".encode(encoding)
    plan, depths, _ = table(data)
    assert [(log.name, log.unit) for log in plan.logs] == [("ГК", "мкР/ч")]
    assert (plan.depth_unit, depths.tolist()) == ("м", [100.0, 100.5])
    [(code, detail)] = warnings(data)
    assert code == "encoding-assumed"
    assert f"{encoding.upper()}, as in 'Глубина;ГК'" in detail


@pytest.mark.parametrize("end", ["\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_wide_encodings_are_read_with_and_without_a_mark_and_with_any_line_ends(encoding, end):
    data = "depth,A\n100,1.5\n100.5,2.5\n".replace("\n", end).encode(encoding)
    assert table(data)[1].tolist() == [100.0, 100.5]
    assert warnings(data) == []


def test_chinese_headers_in_gb2312_are_read_and_told():
    data = "深度,自然伽马\n100,1.5\n100.5,2.5\n".encode("gb2312")
    assert table(data)[0].logs[0].name == "自然伽马"
    assert [code for code, _ in warnings(data)] == ["encoding-assumed"]


OF_DEPTH = [
    ("cp932", "深度", "比抵抗"), ("euc-jp", "深度", "比抵抗"), ("cp949", "심도", "감마선"),
    ("big5", "深度", "伽瑪"), ("cp1253", "Βάθος", "Ακτίνες"), ("cp1250", "Głębokość", "Gęstość"),
    ("cp1257", "Dziļums", "Blīvums"), ("gbk", "深度", "镕铱"),
]  # fmt: skip


@pytest.mark.parametrize(("encoding", "depth", "name"), OF_DEPTH)
def test_a_word_for_depth_tells_the_encoding_as_shift_jis(encoding, depth, name):
    data = f"{depth}(m),{name}\n100,1.5\n100.5,2.5\n".encode(encoding)
    plan, depths, _ = table(data)
    assert [log.name for log in plan.logs] == [name]
    assert (plan.depth_unit, depths.tolist()) == ("m", [100.0, 100.5])
    [(code, detail)] = warnings(data)
    assert code == "encoding-assumed"
    assert f"as in '{depth}(m),{name}'" in detail


@pytest.mark.parametrize("encoding", ["cp1251", "cp866"])
def test_mnemonics_of_capitals_anywhere_do_not_hide_the_encoding_of_words(encoding):
    data = "Глубина;аПС;аПСн;ГЗ\n1;2;3;4\n2;3;4;5\n".encode(encoding)
    assert [log.name for log in table(data)[0].logs] == ["аПС", "аПСн", "ГЗ"]


def test_letters_in_no_known_order_are_told():
    data = b"Depth,\x80\x81\x82\x83\n1,2\n2,3\n"
    assert [code for code, _ in warnings(data)] == ["encoding-assumed"]


def test_letters_that_may_be_of_another_latin_encoding_are_told():
    [(code, detail)] = warnings("Depth,Gęstość\n1,2\n2,3\n".encode("cp1250"))
    assert code == "encoding-assumed"
    assert "read as CP1252, as in 'Depth,Gêstoœæ'" in detail
    assert warnings("Depth,0.0°,µ²\n1,2,3\n2,3,4\n".encode("cp1252")) == []
    assert warnings("Depth,Größe\n1,2\n2,3\n".encode()) == []


@pytest.mark.parametrize(
    "encode",
    [
        lambda s: codecs.BOM_UTF8 + s.encode(),
        lambda s: s.encode("utf-16"),
        lambda s: s.encode("utf-16-be"),
        lambda s: s.encode("utf-16-le"),
        lambda s: s.encode("latin-1"),
    ],
    ids=["UTF-8 with a mark", "UTF-16", "big-endian", "little-endian", "Latin-1"],
)
def test_encodings(encode):
    assert_read(table(encode(text())))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8", "latin-1", "mac-roman"])
def test_signs_for_degrees_in_any_encoding(encoding):
    names = ["Tiefe (m)", *(f"{45 * i}°" for i in range(8))]
    plan, *_ = table(text(names=names, rows=[[1, *range(8)]]).encode(encoding))
    assert (plan.logs[0].first_azimuth, plan.depth_unit) == (0.0, "m")
