"""The obvious way to do it, to compare with: one row, one image, one GridFS file at a time."""

import base64
import io
from typing import Any

import gridfs
import numpy as np
import pandas as pd
from matplotlib import colormaps
from PIL import Image
from pymongo.database import Database


def ingest(database: Database[Any], csv_path: str, rows: int) -> list[Any]:
    """Store each row as a base64 PNG in a GridFS file; returns the ids."""
    fs = gridfs.GridFS(database, "obvious")
    frame = pd.read_csv(csv_path, nrows=rows)
    ids = []
    for _, row in frame.iterrows():
        pixels = row.drop("depth").to_numpy(np.uint8).reshape(1, -1)
        image = Image.fromarray(pixels).resize((150, 1))
        buffer = io.BytesIO()
        image.save(buffer, "PNG")
        data = base64.b64encode(buffer.getvalue())
        ids.append(fs.put(data, filename=str(row["depth"]), depth=float(row["depth"])))
    return ids


def images(database: Database[Any], ids: list[Any], colormap: str) -> list[dict[str, Any]]:
    """Fetch, decode, colour and encode image after image."""
    fs = gridfs.GridFS(database, "obvious")
    answer = []
    for file_id in ids:
        file = fs.get(file_id)
        image = Image.open(io.BytesIO(base64.b64decode(file.read())))
        coloured = colormaps[colormap](np.asarray(image) / 255, bytes=True)
        buffer = io.BytesIO()
        Image.fromarray(coloured).save(buffer, "PNG")
        text = base64.b64encode(buffer.getvalue()).decode()
        answer.append({"depth": file.depth, "image": text})
    return answer
