"""The trial of files made to do harm runs, finds nothing, and tells of a limit that is gone."""

from functools import cache
from itertools import islice
from types import SimpleNamespace

import pytest

from recommendations.ingest.extract import Unreadable, docx, limits, markup
from recommendations.ingest.extract.readers import read
from tests.trials import bombs
from tests.trials.parts import bomb_borders, children
from tests.trials.parts.bomb_borders import BIG, READ
from tests.trials.parts.desk import Answer

LIMITED = """Limit                     Soft Limit           Hard Limit           Units
Max cpu time              20                   20                   seconds
Max file size             0                    0                    bytes
Max core file size        0                    0                    bytes
Max address space         1073741824           1073741824           bytes
"""
REFUSAL = '<ul class="errorlist" id="x"><li>{}</li></ul>'


@pytest.fixture
def trial(tmp_path):
    return bombs.Trial(SimpleNamespace(folder=tmp_path))


def said(data: bytes, name: str) -> str:
    try:
        read(data, name)
    except Unreadable as error:
        return str(error)
    return READ


@cache
def files_of(made) -> list:
    return list(
        islice(made(), 3 if made is bomb_borders.archives else 6)
    )  # those after them take long to make


@pytest.mark.parametrize(
    ("made", "part", "limit"),
    [
        (bomb_borders.depths, markup, "MARKUP_DEPTH"),
        (bomb_borders.depths, limits, "XML_DEPTH"),
        (bomb_borders.archives, limits, "ARCHIVE_MEMBERS"),
        (bomb_borders.archives, limits, "ARCHIVE_RATIO"),
        (bomb_borders.lengths, limits, "PAGES"),
    ],
)
def test_a_limit_that_is_gone_is_told_by_one_file_alone(monkeypatch, made, part, limit):
    monkeypatch.setattr(part, limit, 10**9)
    kinds = {"MARKUP_DEPTH": "html", "PAGES": "pdf"}
    files = [
        each for each in files_of(made) if each[1] == kinds.get(limit, "docx") and each[3] != READ
    ]
    assert (
        len([what for what, kind, data, due in files if due not in said(data, f"sample.{kind}")])
        == 1
    )


def test_entities_that_may_be_declared_are_told_by_the_file_that_only_has_a_type(monkeypatch):
    whole = docx.parseString
    monkeypatch.setattr(
        docx, "parseString", lambda *args, **more: whole(*args, **(more | {"forbid_dtd": False}))
    )
    files = [each for each in files_of(bomb_borders.depths) if each[3] == bomb_borders.ENTITY]
    assert [said(data, "sample.docx") for _what, _kind, data, _due in files] == [READ]


def test_a_reader_without_its_limits_is_told_of():
    assert children.unlimited(LIMITED) == []
    assert children.unlimited(LIMITED.replace("1073741824", "unlimited ")) == [
        "a reader of files has unlimited as max address space"
    ]
    assert len(children.unlimited(LIMITED.replace(" 20 ", " 99 ").replace(" 0 ", " 1 "))) == 3


def test_a_refusal_for_another_reason_than_is_due_is_told_of(trial):
    refused = Answer(200, {}, REFUSAL.format("That is too big: a file may have 10 MB.").encode())
    trial.judge("html: 12 MB", refused, BIG)
    assert trial.faults == []
    trial.judge("html: 12 MB", refused, READ)
    assert trial.faults == [
        "html: 12 MB: due is “it is read”, but it is 200: That is too big: a file may have 10 MB."
    ]


def test_a_file_that_is_read_where_it_should_be_refused_is_told_of(trial):
    trial.judge(
        "html: 12 MB",
        Answer(302, {"location": "/admin/recommendations/intake/7/change/"}, b""),
        BIG,
    )
    assert (trial.intakes, trial.faults) == (
        {7},
        ["html: 12 MB: due is “too big”, but it is it is read"],
    )


def test_an_answer_without_a_reason_is_told_of(trial):
    trial.judge(
        "named aaaa", Answer(400, {}, b"<p>The request could not be read.</p>"), bomb_borders.ANY
    )
    assert trial.faults == ["named aaaa: answered 400 without a reason"]


def test_a_copy_of_an_upload_that_stays_is_seen(trial, tmp_path):
    (tmp_path / "var").mkdir()
    before = trial.left()
    (tmp_path / "var" / "trial.sqlite3-journal").touch()
    assert trial.left() == before
    (tmp_path / "var" / "upload.pdf").touch()
    assert trial.left() - before == {tmp_path / "var" / "upload.pdf"}


def test_a_long_wait_counts_only_as_far_as_the_server_was_at_work(trial, monkeypatch):
    trial.workers, trial.at_once = {1}, 1
    for spent, told in ((9, 0), (31, 1)):
        clock, work = iter((0, 87)), iter((0, spent))
        monkeypatch.setattr(bombs.time, "monotonic", lambda clock=clock: next(clock))
        monkeypatch.setattr(bombs, "seconds", lambda *pids, work=work: next(work))
        with trial.in_time("txt: bullets", "answered"):
            pass
        monkeypatch.undo()
        assert len(trial.faults) == told


def test_a_reader_is_stopped_only_when_it_is_to_be(monkeypatch):
    seen = children.Children(SimpleNamespace(process=SimpleNamespace(pid=1)), set())
    stopped = []
    monkeypatch.setattr(children.os, "kill", lambda pid, what: stopped.append(pid))
    monkeypatch.setattr(
        children.Path,
        "read_bytes",
        lambda path: b"python\0-m\0recommendations.ingest.extract.worker",
    )
    seen.look(children.os.getpid())
    seen.to_stop.set()
    seen.look(children.os.getpid())
    seen.look(children.os.getpid())
    assert stopped == [children.os.getpid()]
