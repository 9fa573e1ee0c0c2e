from hypothesis import given
from hypothesis import strategies as st

from web.kept import Kept

LIMIT = 80


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9), st.integers(0, 14))))
def test_the_limit_holds_and_what_is_asked_for_stays_longest(steps):
    kept = Kept(LIMIT, len)
    expected = {}  # in the order in which they were asked for last
    for adds, key, size in steps:
        if not adds:
            assert kept.get(key) == expected.get(key)
            if key in expected:
                expected[key] = expected.pop(key)
            continue
        kept.add(key, b"x" * size)
        if key not in expected and size <= LIMIT // 8:
            expected[key] = b"x" * size
        while sum(map(len, expected.values())) > LIMIT:
            del expected[next(iter(expected))]
    assert {key: value for key in range(10) if (value := kept.get(key)) is not None} == expected
