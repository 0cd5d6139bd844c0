"""docs/operating.md lists every limit with the number that the code has."""

import re
from datetime import timedelta
from functools import reduce
from importlib import import_module

import pytest
from django.conf import settings

from recommendations.ingest.extract import limits

ROOT = settings.BASE_DIR
DOCUMENT = (ROOT / "docs" / "operating.md").read_text()
ROWS = re.findall(
    r"^\| ([^|`]+) \| ([\d,]+)(?: (\w+))? \| `([^`]+)` \| [^|]*\|$", DOCUMENT, re.MULTILINE
)
UNITS = {
    "MB": 1024**2,
    "kB": 1024,
    "h": 3600,
    "": 1,
    "s": 1,
    "ms": 1,
    "bytes": 1,
    "characters": 1,
    "threads": 1,
}


def in_code(place: str) -> int | float | str:
    """Return what the code says at a place: a name below `recommendations`, in the settings, or an
    option in `kb`.
    """
    if place.startswith("kb "):
        return int(
            re.search(rf"{re.escape(place.removeprefix('kb '))} (\d+)", (ROOT / "kb").read_text())[
                1
            ]
        )
    module, _, name = re.match(r"((?:[a-z0-9_]+\.?)+)()\.([A-Z].*)", place).groups()
    if module.startswith("tech7kb"):
        holder = import_module(module)
    else:
        holder = settings if module == "settings" else import_module(f"recommendations.{module}")
    return reduce(getattr, name.split("."), holder)


def is_true(number: str, unit: str, place: str) -> bool:
    """Tell whether a row of the table says what the code says."""
    value = in_code(place)
    if isinstance(value, str):  # PostgreSQL's own words
        return f"={number}{unit} " in value
    return int(number.replace(",", "")) * UNITS[unit] == value


def test_every_limit_of_the_table_is_that_of_the_code():
    assert [
        (what, place) for what, number, unit, place in ROWS if not is_true(number, unit, place)
    ] == []
    table = DOCUMENT.partition("## Limits")[2].partition("\n\nWhat costs")[0]
    assert len(ROWS) == table.count("\n| ") - 2  # without the head


def test_a_limit_that_changes_is_missed_in_the_table(monkeypatch):
    assert is_true("10", "MB", "ingest.extract.limits.FILE_BYTES")
    monkeypatch.setattr(limits, "FILE_BYTES", 11 * 1024**2)
    assert not is_true("10", "MB", "ingest.extract.limits.FILE_BYTES")
    assert not is_true("16", "s", "operations.database_outages.STATEMENTS")
    assert not is_true("17", "threads", "kb --blocking-threads")


def test_every_limit_of_a_file_is_in_the_table():
    named = {
        place.removeprefix("ingest.extract.limits.")
        for *_rest, place in ROWS
        if place.startswith("ingest.")
    }
    assert named == {name for name in vars(limits) if name.isupper()}


@pytest.mark.parametrize("name", ["NAME_AT_ADDRESS", "NAME_ELSEWHERE", "ADDRESS"])
def test_the_time_within_which_guesses_count_is_in_the_table(name):
    (what,) = [
        what for what, *_rest, place in ROWS if place == f"accounts.throttle.{name}.failures"
    ]
    hour = in_code(f"accounts.throttle.{name}.window") == timedelta(hours=1)
    assert what.endswith("in an hour" if hour else "in 15 minutes")


def test_every_costly_function_is_named_with_what_bounds_it():
    costly = re.findall(r"^- \*\*(.+?)\*\*: (.+)$", DOCUMENT, re.MULTILINE)
    assert [what.split()[-1] for what, _bound in costly] == [
        *(
            "search",
            "export",
            "versions",
            "entry",
            "desk",
            "read",
            "passages",
            "password",
            "restore",
        ),
    ]
    slot = {what for what, bound in costly if "a slot" in bound}
    assert len(slot) == 6
    middleware = settings.MIDDLEWARE
    assert middleware.index(
        "recommendations.operations.page_cache.page_cache_middleware"
    ) < middleware.index("recommendations.operations.load_shedding.limit_concurrency")
    assert f"ranking of {in_code('search.results.MOST_RANKED'):,}" in dict(costly)["A search"]
