import base64
import io
import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from images.arrays import Block
from images.render.colour.colormap import color_table
from images.render.writers.json_images import MERGED_TRACES, make_entries, write_json, write_ndjson


def block(*depths):
    traces = np.random.default_rng(len(depths)).integers(0, 256, (len(depths), 150), np.uint8)
    return Block(np.array(depths, float), traces)


JET = color_table("jet", None, np.arange(256) / 255)
FACTS = {"count": 3, "width": 150, "colormap": "jet"}


def answered(blocks, colors=None):
    return json.loads(b"".join(write_json(FACTS, make_entries(iter(blocks), colors))))


def test_the_answer_is_the_json_of_the_contract():
    blocks = [block(1.0, 2.5), block(3.0)]
    answer = answered(blocks, JET)
    assert list(answer) == [*FACTS, "images"]
    assert {name: answer[name] for name in FACTS} == FACTS
    assert [image["depth"] for image in answer["images"]] == [1.0, 2.5, 3.0]
    traces = np.concatenate([b.traces for b in blocks])
    for entry, trace in zip(answer["images"], traces, strict=True):
        image = Image.open(io.BytesIO(base64.b64decode(entry["image"], validate=True)))
        assert np.asarray(image)[0].tolist() == JET[trace].tolist()


def test_entries_that_name_a_log_come_in_small_blocks_because_a_merge_holds_one_of_each():
    many = block(*range(300))
    [whole] = make_entries([many], JET)
    pieces = list(make_entries([many], JET, "a"))
    assert [len(piece.depths) for piece in pieces] == [MERGED_TRACES, MERGED_TRACES, 44]
    named = [json.loads(entry) for piece in pieces for entry in piece.traces]
    assert [entry.pop("log") for entry in named] == ["a"] * 300
    assert named == [json.loads(entry) for entry in whole.traces]


def test_without_a_colormap_the_images_are_gray():
    answer = answered([block(1.0)])
    image = Image.open(io.BytesIO(base64.b64decode(answer["images"][0]["image"])))
    assert image.mode == "L"


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_depths_come_back_to_the_bit(depths):
    answer = answered([block(*depths)])
    found = np.array([float(image["depth"]) for image in answer["images"]])
    assert found.tobytes() == np.array(depths).tobytes()


def test_the_first_piece_is_there_before_the_second_block_is_read():
    read = []

    def blocks():
        for depth in (1.0, 2.0):
            read.append(depth)
            yield block(depth)

    next(write_json(FACTS, make_entries(blocks(), None)))
    assert read == [1.0]


def test_lines_of_ndjson_are_the_images_of_the_json():
    blocks = [block(1.0, 2.5), block(3.0)]
    lines = b"".join(write_ndjson(make_entries(blocks, JET))).splitlines()
    assert [json.loads(line) for line in lines] == answered(blocks, JET)["images"]
