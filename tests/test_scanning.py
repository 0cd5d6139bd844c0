"""Every uploaded file is shown to the operator's scanner before anything else reads or keeps it."""

import importlib.util
import shlex
import sys

import pytest
from django.conf import settings as site_settings
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from recommendations.ingest.extract import Unreadable, extract, limits, sandbox
from recommendations.models import Intake

TEXT = b"Sample declaration\n\nWe recommend that governments publish what they know of sample things.\n"
INFECTED = (
    "The file was refused: the scanner found something harmful in it. Nothing of it was kept."
)
NOT_SCANNED = (
    "The file could not be scanned for harmful software, so nothing of it was kept. Try again "
    "later."
)


def scanner(code: str) -> list[str]:
    """A scanner in Python, which finds the file in `data`."""
    return [sys.executable, "-c", f"import sys; data = sys.stdin.buffer.read(); {code}"]


@pytest.fixture
def nothing_is_read(monkeypatch):
    """Fail where a file is read although its scan did not pass."""
    monkeypatch.setattr(sandbox, "_read", lambda *_given: pytest.fail("the file was read"))


def test_the_scanner_gets_the_bytes_on_its_standard_input_and_nothing_of_the_site(
    monkeypatch, tmp_path
):
    monkeypatch.setenv("SECRET_KEY", "sample-key")
    seen = tmp_path / "seen"
    code = f"import os; open({str(seen)!r}, 'wb').write(data + repr(sorted(os.environ)).encode())"
    assert extract(TEXT, "sample.txt", scanner(code)).kind == "text"
    assert seen.read_bytes().startswith(TEXT)
    assert b"SECRET_KEY" not in seen.read_bytes()


def test_a_file_in_which_something_is_found_is_refused_unread(nothing_is_read, caplog):
    with pytest.raises(Unreadable) as refused:
        extract(TEXT, "sample.txt", scanner("sys.exit(b'Sample declaration' in data)"))
    assert str(refused.value) == INFECTED
    assert [(each.name, each.event, each.reason) for each in caplog.records] == [
        ("security", "upload", INFECTED)
    ]


@pytest.mark.parametrize(
    "code", ["sys.exit(2)", "sys.exit(255)", "import os; os.kill(os.getpid(), 9)"]
)
def test_a_scanner_that_fails_lets_nothing_through(nothing_is_read, code):
    with pytest.raises(Unreadable) as refused:
        extract(TEXT, "sample.txt", scanner(code))
    assert str(refused.value) == NOT_SCANNED


@pytest.mark.parametrize("command", [["/nowhere/scanner"], [str(site_settings.BASE_DIR)]])
def test_a_scanner_that_cannot_be_run_lets_nothing_through(nothing_is_read, command):
    with pytest.raises(Unreadable) as refused:
        extract(TEXT, "sample.txt", command)
    assert str(refused.value) == NOT_SCANNED


def test_a_scanner_that_does_not_end_lets_nothing_through(nothing_is_read, monkeypatch):
    monkeypatch.setattr(limits, "SCAN_SECONDS", 0.05)
    with pytest.raises(Unreadable) as refused:
        extract(TEXT, "sample.txt", scanner("import threading; threading.Event().wait(60)"))
    assert str(refused.value) == NOT_SCANNED


def test_a_scanner_that_answers_before_it_has_read_all_is_believed():
    early = [sys.executable, "-c", "pass"]
    assert extract(b"Sample words. " * 100_000, "sample.txt", early).kind == "text"


@pytest.mark.django_db
def test_both_ways_in_ask_the_scanner_and_keep_nothing_of_what_it_refuses(
    client, settings, tmp_path
):
    settings.SCANNER = scanner("sys.exit(1)")
    client.force_login(User.objects.create_superuser("sample-editor"))
    add = reverse("admin:recommendations_intake_add")
    answer = client.post(add, {"file": SimpleUploadedFile("sample.txt", TEXT)})
    assert INFECTED in answer.content.decode()
    file = tmp_path / "sample.txt"
    file.write_bytes(TEXT)
    with pytest.raises(CommandError) as refused:
        call_command("draftdeclaration", str(file))
    assert str(refused.value) == f"{file}: {INFECTED}"
    assert Intake.objects.count() == 0
    settings.SCANNER = scanner("sys.exit(0)")
    assert client.post(add, {"file": SimpleUploadedFile("sample.txt", TEXT)}).status_code == 302
    assert Intake.objects.count() == 1


@pytest.mark.django_db
def test_a_file_that_is_kept_is_scanned_again_when_it_is_brought_in_again(client, settings):
    client.force_login(User.objects.create_superuser("sample-editor"))
    add = reverse("admin:recommendations_intake_add")
    client.post(add, {"file": SimpleUploadedFile("sample.txt", TEXT)})
    settings.SCANNER = scanner("sys.exit(1)")
    assert INFECTED in client.post(add, {"again": Intake.objects.get().pk}).content.decode()
    assert Intake.objects.count() == 1


def configured(monkeypatch, value):
    """What the settings make of SCANNER."""
    monkeypatch.setenv("SCANNER", value)
    spec = importlib.util.spec_from_file_location(
        "settings_anew", site_settings.BASE_DIR / "tech7kb" / "settings.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.SCANNER


def test_the_environment_names_the_scanner_and_no_shell_reads_it(monkeypatch):
    assert site_settings.SCANNER == []
    told = "/opt/a scanner/scan --quiet '$(id); rm -rf x' -"
    words = ["/opt/a", "scanner/scan", "--quiet", "$(id); rm -rf x", "-"]
    assert configured(monkeypatch, told) == words == shlex.split(told)
    with pytest.raises(
        ImproperlyConfigured, match="SCANNER is a command, such as clamdscan --no-summary -"
    ):
        configured(monkeypatch, "scan 'x")
