"""Picks: computed, listed, imported, and all of a well computed anew."""

import io
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from bson import ObjectId
from django.db import connection

from dips.models import Dip
from dips.picks import importing
from storage.documents import collection
from tests.benchmarks.measure import Result, at_most, side_by_side
from tests.server import Server
from wells.models import Well, change

MANY, FEW = 50_000, 100
SURVEY = {"depth": [0.0, 1000.0, 3000.0], "inclination": [0.0, 30, 60], "azimuth": [0.0, 40, 80]}
OTHER = {**SURVEY, "azimuth": [0.0, 50, 90]}
JSON = {"Content-Type": "application/json"}


def results(directory: Path, server: Server) -> Iterator[Result]:
    many, _ = _well("many", MANY), _well("few", FEW)
    sine = {"depth": 1010.0, "height": 0.4, "azimuth": 75.0, "reference": "top of hole"}
    fit, nothing = side_by_side(
        lambda: _post(server, "/dips/fit", {"well": "few", **sine}),
        lambda: server.get("/healthz"),
        rounds=101,
    )
    yield at_most("POST /dips/fit : an empty view", fit / nothing, 3)

    of_many, of_few = side_by_side(
        lambda: server.get("/dips/?well=many&min=1000&max=1001"),
        lambda: server.get("/dips/?well=few&min=1000&max=1001"),
        rounds=51,
    )
    what = "a window of a well with 50 000 picks : of one with 100"
    yield at_most(what, of_many / of_few, 1.5)

    lines = "\n".join(f"{1000 + n / 50},{n % 90},{n % 360}" for n in range(MANY))
    numbers = itertools.count()
    data = f"depth,dip,azimuth\n{lines}\n".encode()
    documents = _documents(data)
    imported, inserted = side_by_side(
        lambda: importing.imported(
            io.BytesIO(data), {"preview": False, "well": f"w{next(numbers)}"}, ""
        ),
        lambda: _insert(documents),
        rounds=3,
    )
    yield at_most("import of 50 000 picks : insert_many of the same", imported / inserted, 5)

    surveys = itertools.cycle([OTHER, SURVEY])
    anew, one = side_by_side(
        lambda: _put_survey(server, many, next(surveys)),
        lambda: _post(server, "/dips/", {"well": "few", **sine}),
        rounds=21,
    )
    yield at_most("50 000 picks computed anew after a survey : one POST", anew / one, 100)


def _import(data: bytes, well: str) -> None:
    importing.imported(io.BytesIO(data), {"well": well}, "")


def _well(name: str, picks: int) -> Well:
    """A well with picks 2 cm apart from 1 000 on, as many as asked for in each window."""
    well, _ = Well.ensure(name, "m")
    change(well.pk, {"bit_size": 8.5, "bit_size_unit": "in", "survey": SURVEY})
    lines = "\n".join(f"{1000 + n / 50},0.{1 + n % 9},{n % 360}" for n in range(picks))
    data = f"depth,height,azimuth_toh\n{lines}\n".encode()
    _import(data, name)
    return well


def _documents(data: bytes) -> list[Any]:
    """The documents of the picks of a file."""
    well, _ = Well.ensure("documents", "m")
    _import(data, well.name)
    return list(collection(Dip).find({"well": well.name}))


def _insert(documents: list[Any]) -> None:
    anew = [{**document, "_id": ObjectId()} for document in documents]
    connection.database["benchmark_dips"].insert_many(anew)


def _post(server: Server, path: str, body: dict[str, Any]) -> None:
    answer = server.request("POST", path, json.dumps(body), JSON)
    if answer.status >= 300:
        raise RuntimeError(f"status {answer.status}")


def _put_survey(server: Server, well: Well, survey: dict[str, Any]) -> None:
    """A new survey, and a window of dips by it."""
    stations = np.column_stack(list(survey.values())).tolist()
    body = json.dumps({"stations": stations})
    if server.request("PUT", f"/wells/{well.pk}/survey", body, JSON).status != 200:
        raise RuntimeError("the survey was not taken")
    server.get("/dips/?well=many&min=1000&max=1001")
