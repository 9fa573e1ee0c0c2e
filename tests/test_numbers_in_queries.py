"""Every number in a query, as the schema lists them, is read by the one grammar."""

from urllib.parse import parse_qsl, urlencode

import pytest

from tests.problems import assert_problem
from tests.test_openapi import OPERATIONS, address, examples

BAD = ["1_0", "٣", "true", "nan", "1 0", "1" * 3000 + "x", "0x1", ""]
NUMBERS = [
    pytest.param(address(path, operation), query, name, id=f"{operation['operationId']} {name}")
    for path, method, operation in (operation.values for operation in OPERATIONS)
    if method == "get"
    for name, query in examples(operation, "query")
    if name == "percentile"
    or next(p for p in operation["parameters"] if p["name"] == name)["schema"]["type"]
    in {"number", "integer"}
]


@pytest.mark.parametrize(("path", "query", "name"), NUMBERS)
def test_what_is_no_number_is_refused_wherever_a_number_is_asked_for(server, path, query, name):
    asked = dict(parse_qsl(query.lstrip("?")))
    for text in BAD:
        value = f"{text},98" if name == "percentile" else text
        answer = server.get(f"{path}?{urlencode({**asked, name: value})}")
        problem = assert_problem(answer, 400, "invalid-parameter")
        assert problem["errors"][0]["parameter"] == name


@pytest.mark.parametrize(
    "depths", ["1_0/2", "%D9%A3/4", f"{'1' * 3000}x/2", f"1/{'.' * 3000}", "1/true"]
)
def test_the_depths_of_a_window_are_read_by_it_too(server, depths):
    assert_problem(server.get(f"/get-images/{depths}/"), 400, "invalid-parameter")
