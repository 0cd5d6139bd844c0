"""What happens to files that are disguised, broken or made to harm: a clear sentence, and nothing
else.
"""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from extraction_samples import (
    archive,
    locked_pdf,
    long_pdf,
    page,
    pdf,
    prose,
    scanned_pdf,
    word,
    wrapped,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommendations.ingest.extract import Unreadable, extract, extract_text, limits, sandbox
from recommendations.ingest.extract.readers import read

PDF = pdf([wrapped(prose(1), 72, 700), wrapped(prose(2), 72, 700)])
WORD = word(lambda document: document.add_paragraph(prose(1)))
PAGE = page(
    "<article><h1>Sample "
    f"declaration</h1><p>{prose(1)}<sup>1</sup></p><ol><li>{prose(2)}</ol></article>"
)
NAMES = ("sample.pdf", "sample.docx", "sample.html", "sample.txt", "sample", "")
FOLDER = Path(sandbox.__file__).parent


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (PDF, "sample.txt", "holds a PDF, but its name ends in .txt"),
        (PDF, "sample.exe", "holds a PDF, but its name ends in .exe"),
        (WORD, "sample.pdf", "holds a Word document .* ends in .pdf"),
        (PAGE, "sample.txt", "holds a web page .* ends in .txt"),
        (b"Sample text.", "sample.pdf", "holds plain text .* ends in .pdf"),
        (b"Sample text.", "sample.html", "holds plain text .* ends in .html"),
        (b"MZ\x90\x00 program", "sample.txt", "is a program"),
        (b"\x7fELF program", "sample.pdf", "is a program"),
        (b"\x89PNG\r\n\x1a\n", "sample.pdf", "is a picture"),
        (b"\xff\xd8\xff\xe0", "sample.txt", "is a picture"),
        (b"{\\rtf1 Sample}", "sample.txt", "Rich Text Format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "sample.docx", "old Word"),
        (archive({"sample.txt": b"Sample"}), "sample.txt", "zip archive and no Word document"),
        (b"", "sample.txt", "is empty"),
        (b" \n\t ", "sample.txt", "is empty"),
        (b"Sample\0text", "sample.txt", "NUL bytes"),
        (b"\xef\xbb\xbf", "sample.txt", "no text"),
        (b"<html><body></body></html>", "sample.html", "no text|empty"),
    ],
)
def test_a_disguised_or_empty_file_is_refused_with_the_reason(data, name, reason):
    with pytest.raises(Unreadable, match=reason):
        read(data, name)


@pytest.mark.parametrize("name", ["sample.PDF", "sample", "", "a.b.pdf", "../../etc/sample.pdf"])
def test_the_type_is_told_by_content_and_the_name_may_say_nothing(name):
    assert read(PDF, name).kind == "pdf"


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("cp1252", b""),
    ],
)
def test_text_is_decoded_in_the_usual_encodings(encoding, mark):
    words = "“Été” – a sample sentence, as the old programs wrote it."
    assert read(mark + words.encode(encoding), "sample.txt").pieces[0].text == words


@pytest.mark.parametrize(
    ("data", "name"),
    [(PDF, "sample.pdf"), (WORD, "sample.docx"), (PAGE, "sample.html"), (b"Sample.", "sample.txt")],
)
def test_the_child_process_reads_what_this_one_reads(data, name):
    assert extract(data, name) == read(data, name)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (scanned_pdf(), "pictures of text"),
        (locked_pdf(), "password"),
        (b"a" * (limits.FILE_BYTES + 1), "10 MB"),
    ],
)
def test_the_child_process_says_why_a_file_cannot_be_read(data, reason):
    with pytest.raises(Unreadable, match=reason):
        extract(data, "sample.pdf")


def command(program: str) -> list[str]:
    return [sys.executable, "-c", f"import sys; sys.stdin.buffer.read(); {program}"]


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("sys.exit(3)", "could not be read"),
        ("import os; os.kill(os.getpid(), 9)", "could not be read"),
        ("raise MemoryError", "could not be read"),
        ("exec('while True: pass')", "within"),
    ],
)
def test_a_child_that_crashes_is_killed_or_hangs_is_an_unreadable_file(
    monkeypatch, program, reason
):
    monkeypatch.setattr(sandbox, "COMMAND", command(program))
    monkeypatch.setattr(sandbox.limits, "SECONDS", 0.5)
    with pytest.raises(Unreadable, match=reason):
        extract(PDF, "sample.pdf")


def test_the_child_process_is_limited_in_memory_time_and_files(tmp_path):
    program = (
        "import resource, sys; from recommendations.ingest.extract import worker;"
        "sys.argv = ['', 'sample.txt']; worker.main();"
        "print([resource.getrlimit(cap)[0] for cap in worker.CAPS])"
    )
    environment = {"PYTHONPATH": sandbox.ENVIRONMENT["PYTHONPATH"]}
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=b"Sample.",
        capture_output=True,
        env=environment,
        check=True,
    )
    assert done.stdout.decode().endswith(f"[{limits.MEMORY_BYTES}, {limits.SECONDS}, 0, 0]\n")


def test_a_file_that_needs_more_memory_than_allowed_is_refused(monkeypatch):
    hungry = (
        "from recommendations.ingest.extract import reading, worker;"
        "worker.CAPS[worker.resource.RLIMIT_AS] = 400 * 1024**2;"
        "reading.read = lambda data, name: bytearray(10**9); worker.main()"
    )
    monkeypatch.setattr(sandbox, "COMMAND", [sys.executable, "-c", hungry])
    with pytest.raises(Unreadable, match="more memory"):
        extract(PDF, "sample.pdf")


def test_the_child_process_gets_no_secret_and_leaves_nothing_behind(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "sample")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        sandbox,
        "COMMAND",
        command(
            "import os, json; sys.stdout.write(json.dumps({'unreadable': str(sorted(os.environ))}))"
        ),
    )
    with pytest.raises(Unreadable) as told:
        extract(PDF, "sample.pdf")
    assert "SECRET_KEY" not in str(told.value)
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    extract(PDF, "sample.pdf")
    assert os.listdir(tmp_path) == []


def test_neither_the_child_nor_this_room_imports_the_framework():
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [getattr(node, "module", "") or ""]
            )
            assert not [name for name in names if name.split(".")[0] in ("django", "tech7kb")], path
    loaded = "import recommendations.ingest.extract.worker, sys; print('django' in sys.modules)"
    environment = {"PYTHONPATH": sandbox.ENVIRONMENT["PYTHONPATH"]}
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, env=environment, check=True
    )
    assert done.stdout == b"False\n"


def outcome(reader, data: bytes, name: str) -> str:
    """Return the kind of document that was read, or the sentence that says why none was."""
    try:
        return reader(data, name).kind
    except Unreadable as error:
        return str(error)


@pytest.mark.parametrize(
    "name",
    [
        "sample\0.pdf",
        "sample\n.pdf",
        "-c.pdf",
        "--help.pdf",
        "é" * 5000 + ".pdf",
        "\ud800.pdf",
        "$(touch x).pdf",
    ],
)
def test_a_strange_name_does_no_harm(name):
    assert outcome(extract, PDF, name) == "pdf"


def never_anything_else(data: bytes, name: str) -> None:
    """Read a file; whatever it is, there is a document or a sentence."""
    told = outcome(read, data, name)
    assert told in ("pdf", "docx", "html", "text") or told.endswith(".")


QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(st.binary(max_size=400), st.sampled_from(NAMES))
def test_random_bytes_raise_nothing_but_unreadable(data, name):
    never_anything_else(data, name)


@QUICK
@given(
    st.sampled_from([PDF, WORD, PAGE]),
    st.lists(
        st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=8)), min_size=1, max_size=8
    ),
)
def test_mutated_files_raise_nothing_but_unreadable(data, changes):
    changed = bytearray(data)
    for place, new in changes:
        place %= len(changed)
        changed[place : place + len(new)] = new
    never_anything_else(bytes(changed), "sample")


@settings(QUICK, max_examples=20)
@given(
    st.text(max_size=60),
    st.sampled_from(
        [
            "word/document.xml",
            "word/styles.xml",
            "word/_rels/document.xml.rels",
            "[Content_Types].xml",
        ]
    ),
)
def test_a_word_document_with_any_member_raises_nothing_but_unreadable(content, member):
    xml = f'<w:a xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{content}</w:body></w:a>'
    never_anything_else(archive({member: xml.encode(errors="replace")}, WORD), "sample.docx")


MARKUP = (
    "<p>|<li>|<ol>|<ul>|<table>|<tr>|<td>|<sup>|<a "
    "href='#fn1'>|<br>|</p>|</ol>|</td>|</tr>|</sup>|</a>|1|[1]|•|2.|a"
    "|Sample.|<h1>|</h1>|<div class=nav>|</div>|<article>|<li id=fn1>|<form>|</table>|<span "
    "hidden>|</span>"
)


@QUICK
@given(st.lists(st.sampled_from(MARKUP.split("|")), max_size=40))
def test_any_markup_raises_nothing_but_unreadable(parts):
    never_anything_else(page("".join(parts)), "sample.html")


@QUICK
@given(st.text(st.characters(), max_size=200))
def test_any_pasted_text_raises_nothing_but_unreadable(text):
    try:
        document = extract_text(text)
    except Unreadable:
        return
    for piece in document.pieces:
        assert not any(ord(sign) < 32 for sign in piece.text)
        assert piece.text.encode()
        assert piece.kept is not bool(piece.reason)
        assert all(0 <= start < end <= len(piece.text) for start, end in piece.markers)


def test_a_long_pdf_is_read_by_the_child_within_its_limits():
    assert len(extract(long_pdf(20), "sample.pdf").pieces) == 120
