"""What every error answer has to be."""

import re
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator

from tests.server import Answer
from web.openapi.problems import ProblemSerializer
from web.problems import BY_NAME

# Of nothing that a test makes.
UNKNOWN_ID = "0123456789abcdef01234567"
MEMBERS = {"type", "title", "status", "detail"}
PARAMETER = re.compile(r"\{\w+\}")
DESCRIBED = set(ProblemSerializer().fields)


def assert_problem(answer: Answer, status: int, kind: str) -> Any:
    """Check that an answer is a problem document of this kind that no cache keeps; return it."""
    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    document = answer.json
    assert MEMBERS <= set(document) <= DESCRIBED
    assert document["type"] == f"urn:problem-type:{kind}"
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    assert ("Retry-After" in answer.headers) == (status in (429, 503))
    described = _described(*answer.asked)
    # nginx has problems of its own.
    assert described is None or kind not in BY_NAME or (status, kind) in described
    return document


def _described(method: str, address: str) -> set[tuple[int, str]] | None:
    """The status and the kind of each problem that the schema describes for a request; None for
    addresses and methods that it does not have."""
    path, method = address.partition("?")[0], "get" if method == "HEAD" else method.lower()
    found = [kinds for of, pattern, kinds in _operations() if of == method and pattern(path)]
    return found[0] | {(500, "internal-error")} if found else None


@cache
def _operations() -> list[tuple[str, Any, set[tuple[int, str]]]]:
    """The method, the pattern of the address, and the problems of each operation; those without a
    parameter in the address first."""
    paths = SchemaGenerator().get_schema(public=True)["paths"]
    return [
        (
            method,
            re.compile(PARAMETER.sub("[^/]+", path.replace("{path}", ".+")) + "?").fullmatch,
            {
                (int(status), kind)
                for status, answer in operation["responses"].items()
                for kind in re.findall(r"`urn:problem-type:([a-z-]+)`", answer["description"])
            },
        )
        for path in sorted(paths, key=lambda path: path.count("{"))
        for method, operation in paths[path].items()
    ]
