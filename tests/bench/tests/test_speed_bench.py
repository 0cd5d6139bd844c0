"""The speed benchmark compares like with like: every site answers every question with the same
counts.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from bench.speed import server_databases
from django.conf import settings
from django.db import connection

BENCH = Path(__file__).parents[1] / "speed"
SIZE, SEED = 10, 7


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run the whole benchmark once, small, on the kind of database that the tests use."""
    folder = tmp_path_factory.mktemp("speed")
    server = (
        os.environ["DATABASE_URL"].rpartition("/")[0] if connection.vendor == "postgresql" else ""
    )
    command = [
        sys.executable,
        BENCH / "measure.py",
        "--sizes",
        str(SIZE),
        "--seed",
        str(SEED),
        "--rounds",
        "1",
    ]
    options = [
        "--databases",
        connection.vendor,
        "--server",
        server,
        "--datasette",
        "",
        "--folder",
        folder,
    ]
    done = subprocess.run(
        [*command, *options, "--out", folder], capture_output=True, text=True, cwd=settings.BASE_DIR
    )
    if server:
        server_databases.drop(server, f"speed_{SIZE}_{SEED}")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def measured(run):
    return json.loads((run / f"measured-{SIZE}-{SEED}.json").read_text())


def test_all_sites_find_as_many_entries_and_count_the_facets_alike(measured):
    assert measured["different"] == []


def test_all_sites_answer_all_questions(measured):
    names = [subject["name"].partition(",")[0] for subject in measured["subjects"]]
    assert names == ["empty view", "this site", "naive"]
    for subject in measured["subjects"]:
        assert subject["times"].keys() == measured["questions"].keys()
    assert measured["subjects"][1]["times"]["home"].keys() == {
        "new",
        "cards",
        "again",
        "same",
        "bare",
    }
    assert len(measured["questions"]) == 15


def test_the_report_says_what_every_page_took(run, measured):
    report = (run / "RESULTS.md").read_text()
    for question in measured["questions"]:
        assert f"\n| {question} | " in report
    assert "CSV of everything, 20 rows" in report
    assert "Nowhere: all find as many entries" in report


def test_the_plot_has_a_line_for_every_site(run):
    assert (run / "cost.svg").read_text().count("<polyline") == 9
