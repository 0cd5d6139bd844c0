"""Secrets may be in files that a vault or an orchestrator mounts; one that cannot be had is one
clear line.
"""

import importlib.util
import os

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tests.test_command_line import clone, installed, kb, said

__all__ = ["clone", "installed"]
POSTGRES = "postgresql://kb:hunter2@db.example/tech7"
NAMES = ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASE_URL", "CACHE_URL")


@pytest.fixture
def anew(monkeypatch):
    """The settings as an environment makes them, which holds no other secret."""
    for name in (*NAMES, *(f"{name}_FILE" for name in NAMES)):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SECRET_KEY", "sample-key")

    def read(**environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, str(value))
        spec = importlib.util.spec_from_file_location(
            "settings_anew", settings.BASE_DIR / "tech7kb" / "settings.py"
        )
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return read


def secret(folder, content):
    """A file as a vault mounts it."""
    path = folder / "sample-secret"
    path.write_bytes(content)
    return path


def test_each_secret_may_be_in_a_file(anew, tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY")
    values = {
        "SECRET_KEY": "sample-new-key",
        "SECRET_KEY_FALLBACKS": "sample-old-key,sample-older-key",
        "DATABASE_URL": POSTGRES,
        "CACHE_URL": "rediss://:hunter2@cache.example:6380/0",
    }
    for name, value in values.items():
        (tmp_path / name).write_text(f"{value}\n")
    made = anew(**{f"{name}_FILE": tmp_path / name for name in values})
    assert made.SECRET_KEY == "sample-new-key"
    assert made.SECRET_KEY_FALLBACKS == ["sample-old-key", "sample-older-key"]
    assert made.DATABASES["default"]["NAME"] == "tech7"
    assert made.DATABASES["default"]["PASSWORD"] == "hunter2"
    assert made.CACHES["pages"]["LOCATION"] == "rediss://:hunter2@cache.example:6380/0"


@pytest.mark.parametrize("name", NAMES[1:])
def test_a_file_that_is_missing_or_empty_or_no_text_stops_the_start(anew, tmp_path, name):
    for path, why in (
        (tmp_path / "nowhere", "cannot be read: No such file or directory."),
        (tmp_path, "cannot be read: Is a directory."),
    ):
        with pytest.raises(ImproperlyConfigured, match=f"^{name}_FILE: {path} {why}$"):
            anew(**{f"{name}_FILE": path})
    for content, why in ((b" \n", "is empty."), (b"hunter2\xff", "cannot be read: it is no text.")):
        path = secret(tmp_path, content)
        with pytest.raises(ImproperlyConfigured, match=f"^{name}_FILE: {path} {why}$") as refused:
            anew(**{f"{name}_FILE": path})
        assert refused.value.__suppress_context__ or not refused.value.__context__


def test_a_secret_that_is_given_twice_is_refused(anew, tmp_path):
    with pytest.raises(
        ImproperlyConfigured,
        match=r"^SECRET_KEY and SECRET_KEY_FILE are both set\. Set one of them\.$",
    ):
        anew(SECRET_KEY_FILE=secret(tmp_path, b"sample-other-key"))


def test_a_key_from_a_file_leaves_none_on_disk(installed, tmp_path):
    done = kb(installed, "manage", "version", SECRET_KEY_FILE=str(secret(tmp_path, b"x" * 60)))
    assert (done.returncode, os.listdir(installed / "made")) == (0, [])


def test_the_start_says_in_one_line_which_file_cannot_be_read(installed):
    assert said(kb(installed, "manage", "check", SECRET_KEY_FILE="/nowhere/key")) == [
        "ImproperlyConfigured: SECRET_KEY_FILE: /nowhere/key cannot be read: No such file or "
        "directory."
    ]


def test_a_password_in_a_file_that_is_wrong_is_not_told(installed, tmp_path):
    file = secret(tmp_path, b"oracle://kb:hunter2@host/name")
    assert said(kb(installed, "manage", "check", DATABASE_URL_FILE=str(file))) == [
        "ImproperlyConfigured: DATABASE_URL must be postgresql://user:password@host/name or "
        "sqlite:////path/to/file."
    ]


def test_blanks_between_allowed_hosts_do_not_count(anew):
    hosts = anew(ALLOWED_HOSTS="a.example, b.example ,").ALLOWED_HOSTS
    assert {"a.example", "b.example"} < set(hosts)
    assert "" not in hosts
