"""Logs of float32 values, from publishing to reading."""

import numpy as np
import pytest
from django.db import connection

from images.models import ImageLog
from images.store.window import matching_logs, open_window, read_level
from tests.values import published, random_values


@pytest.mark.parametrize("width", [1, 2, 16, 360, 4096])
def test_values_of_any_width_come_back_as_they_were_nulls_too(width):
    depths, values = random_values(300, width)
    log = published(depths, values)
    assert (log.values, log.width, log.nulls) == ("float32", width, np.isnan(values).sum())
    window = open_window(matching_logs(0, 1e4, log_id=log.pk), 110, 190)
    blocks = list(window.blocks)
    inside = (depths >= 110) & (depths <= 190)
    assert window.count == inside.sum()
    np.testing.assert_array_equal(np.concatenate([b.depths for b in blocks]), depths[inside])
    np.testing.assert_array_equal(np.concatenate([b.traces for b in blocks]), values[inside])


def test_files_of_values_are_valid_gridfs_in_row_aligned_chunks():
    log = published(*random_values(400, 360))
    assert log.chunk_rows == 255 * 1024 // (360 * 4) == 181
    for file_id, row_bytes in zip(log.file_ids[:2], (1440, 8), strict=True):
        file = connection.database.image_logs.files.find_one({"_id": file_id})
        assert (file["chunkSize"], file["length"]) == (181 * row_bytes, 400 * row_bytes)
        chunks = connection.database.image_logs.chunks.find({"files_id": file_id}).sort("n")
        assert [len(c["data"]) for c in chunks] == [
            181 * row_bytes,
            181 * row_bytes,
            38 * row_bytes,
        ]


def test_a_log_of_values_knows_its_statistics():
    depths, values = random_values(3000, 16)
    published(depths, values)
    there = values[~np.isnan(values)].astype(float)
    found = ImageLog.objects.get().value_summary()
    assert (found.count, found.nulls) == (len(there), values.size - len(there))
    assert (found.minimum, found.maximum) == (there.min(), there.max())
    assert np.isclose(found.mean, there.mean())
    assert np.isclose(found.standard_deviation, there.std())


def test_a_log_of_nulls_alone_is_kept_without_statistics_of_values():
    log = published(np.arange(5.0), np.full((5, 3), np.nan, np.float32))
    stored = ImageLog.objects.get()
    assert (stored.nulls, stored.statistics.count, stored.statistics.mean) == (15, 0, None)
    assert np.isnan(read_level(log, log.levels()[0], 0, 9).traces).all()


def test_overviews_of_values_leave_nulls_out():
    depths, values = random_values(4096, 3)
    log = published(depths, values)
    level = log.levels()[1]
    found = read_level(log, level, log.top, log.base + 1).traces
    cells = values.astype(float).reshape(-1, 4, 3)
    counts = (~np.isnan(cells)).sum(axis=1)
    assert (np.isnan(found) == (counts == 0)).all()
    np.testing.assert_allclose(found * counts, np.nansum(cells, axis=1) + 0 * found, rtol=1e-6)


def test_logs_of_several_names_or_parts_of_one_file_are_several_logs():
    depths, values = random_values(10, 3)
    logs = [
        published(depths, values, name=name, part=part)
        for name, part in (("A", ""), ("B", ""), ("B", "frame 2"), ("A", ""))
    ]
    assert len({log.pk for log in logs}) == 3
    assert logs[0].pk == logs[3].pk
