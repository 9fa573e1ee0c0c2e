"""Requests for picks."""

import json
from urllib.parse import urlencode

WELL = "15/9-F-4 A"
SINE = {"depth": 1500.0, "height": 0.4, "azimuth": 75.0, "reference": "top of hole"}


def send(server, method, path, body, **headers):
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = "text/csv" if isinstance(body, bytes) else "application/json"
    return server.request(method, path, text, {"Content-Type": kind, **headers})


def add(server, **fields):
    answer = send(server, "POST", "/dips/", {"well": WELL, **SINE, **fields})
    assert answer.status == 201, answer.body
    return answer


def import_dips(server, data, well=WELL, **options):
    query = urlencode({**({"well": well} if well else {}), **options})
    return send(server, "POST", f"/dips/import?{query}", data)
