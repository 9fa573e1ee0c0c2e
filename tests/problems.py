"""What every error answer has to be."""

from typing import Any

from tests.server import Answer

# Of nothing that a test makes.
UNKNOWN_ID = "0123456789abcdef01234567"
MEMBERS = {"type", "title", "status", "detail"}
MORE = {"errors", "total", "at_least", "limit", "logs", "wells", "checks", "versions"}


def assert_problem(answer: Answer, status: int, kind: str) -> Any:
    """Check that an answer is a problem document of this kind that no cache keeps; return it."""
    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    document = answer.json
    assert MEMBERS <= set(document) <= MEMBERS | MORE
    assert document["type"] == f"urn:problem-type:{kind}"
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    assert ("Retry-After" in answer.headers) == (status in (429, 503))
    return document
