"""`./kb` on machines where something is missing, in the way or out of reach: one clear line, and
nothing half done.
"""

import ast
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHELL_NAMES = {"HOME", "PWD", "PATH", "CDPATH", "EXIT", "INT", "TERM", "END"}


@pytest.fixture
def clone(tmp_path):
    """A checkout as git gives it, with no environment in it."""
    folder = tmp_path / "clone"
    folder.mkdir()
    for name in ("kb", "requirements.txt", "requirements-assistants.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, folder)
    for name in ("manage.py", "tech7kb", "recommendations", "fixtures", "static", "templates"):
        (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.fixture
def installed(clone):
    """A checkout whose environment is that of these tests, so that `./kb` has nothing to
    install.
    """
    python = clone / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    locks = ["requirements.txt", "requirements-dev.txt"]
    sums = subprocess.run(["cksum", *locks], cwd=clone, capture_output=True, check=True).stdout
    (clone / ".venv" / "installed").write_bytes(sums)
    return clone


@pytest.fixture
def listening():
    """A port that something else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def free_port():
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def kb(folder, *arguments, **environment):
    """Run `./kb` in a checkout with an environment that holds nothing of the caller's but
    the PATH.
    """
    variables = {"PATH": os.environ["PATH"], "VAR_DIR": str(folder / "made"), **environment}
    return subprocess.run(
        ["/bin/sh", str(folder / "kb"), *arguments],
        env=variables,
        capture_output=True,
        text=True,
        timeout=600,
    )


def said(done):
    """The lines a refused command gave, after checking that it is neither a success nor a crash."""
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    return done.stderr.splitlines()


@pytest.mark.parametrize("command", ["serve", "assistants", "test", "trials", "manage", "lint"])
def test_without_a_python_every_command_says_what_is_missing(clone, command):
    (clone / "empty").mkdir()
    nowhere = str(clone / "empty")
    done = kb(
        clone, command, PATH=f"{nowhere}:{essentials(clone)}", PYENV_ROOT=nowhere, HOME=nowhere
    )
    assert said(done)[-1] == (
        "kb: Python 3.12 or newer (with its modules venv, ensurepip and sqlite3) was not found: "
        "install it, or set PYTHON to its path."
    )
    assert not (clone / ".venv").exists()


def test_with_an_empty_path_serve_says_in_one_line_that_python_is_missing(clone):
    nowhere = str(clone / "empty")
    assert said(kb(clone, "serve", PATH=nowhere, PYENV_ROOT=nowhere, HOME=nowhere)) == [
        "kb: Python 3.12 or newer (with its modules venv, ensurepip and sqlite3) was not found: "
        "install it, or set PYTHON to its path."
    ]


def test_a_python_that_exists_and_fails_is_passed_over(clone, listening):
    shims = clone / "shims"
    shims.mkdir()
    for name in ("python3.14", "python3"):
        (shims / name).write_text("#!/bin/sh\necho 'pyenv: no version is chosen' >&2\nexit 127\n")
        (shims / name).chmod(0o755)
    versions = clone / "pyenv" / "versions" / "3.12.1" / "bin"
    versions.mkdir(parents=True)
    (versions / "python").symlink_to(sys.executable)
    done = kb(
        clone,
        "serve",
        f"127.0.0.1:{listening}",
        PATH=str(shims),
        PYENV_ROOT=str(clone / "pyenv"),
        HOME="/",
    )
    assert said(done) == [in_use(listening)]


def test_a_port_in_use_is_named_before_anything_is_installed(clone, listening):
    done = kb(clone, "serve", f"127.0.0.1:{listening}", PYTHON=sys.executable)
    assert said(done) == [in_use(listening)]
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize(
    "address", ["localhost", "127.0.0.1:0", "127.0.0.1:65536", "::1:8000", "a b:80", "http://x:1"]
)
def test_an_address_that_is_none_is_named_with_an_example(clone, address):
    assert said(kb(clone, "serve", address, PYTHON=sys.executable)) == [
        f"kb: '{address}' is not an address; write host:port, for example 127.0.0.1:8000."
    ]


def test_the_number_of_workers_is_checked_before_the_start(clone):
    assert said(kb(clone, "serve", WORKERS="many")) == [
        "kb: WORKERS is the number of processes, 1 or more, not 'many'."
    ]


def test_an_unreachable_database_is_one_line_that_keeps_the_password(installed, free_port):
    url = f"postgresql://kb:hunter2@127.0.0.1:{free_port}/tech7"
    done = kb(installed, "serve", f"127.0.0.1:{free_port}", DATABASE_URL=url)
    (line,) = said(done)
    assert line.startswith(
        f"CommandError: The database tech7 at 127.0.0.1:{free_port} does not answer: "
    )
    assert "hunter2" not in line


@pytest.mark.parametrize(
    "url", ["oracel://kb:hunter2@host/name", "postgresql://kb:hunter2@[host/name", "mysql://h/n"]
)
def test_a_database_of_another_kind_is_one_line(installed, free_port, url):
    assert said(kb(installed, "serve", f"127.0.0.1:{free_port}", DATABASE_URL=url)) == [
        "ImproperlyConfigured: DATABASE_URL must be postgresql://user:password@host/name or "
        "sqlite:////path/to/file."
    ]


def test_a_database_file_that_cannot_be_made_is_one_line(installed, free_port):
    done = kb(
        installed,
        "serve",
        f"127.0.0.1:{free_port}",
        DATABASE_URL="sqlite:////nowhere/at/all.sqlite3",
    )
    assert said(done) == [
        "CommandError: The database /nowhere/at/all.sqlite3 does not answer: unable to open "
        "database file"
    ]


def test_every_django_command_says_in_one_line_that_the_database_does_not_answer(
    installed, free_port
):
    done = kb(
        installed,
        "manage",
        "migrate",
        DATABASE_URL=f"postgresql://kb:hunter2@127.0.0.1:{free_port}/tech7",
    )
    (line,) = said(done)
    assert line.startswith("OperationalError: connection failed: ")
    assert "hunter2" not in line


@pytest.mark.parametrize("url", ["kb.example", "http://[x", "https://kb.example/path"])
def test_a_site_url_that_is_none_is_one_line(installed, free_port, url):
    assert said(kb(installed, "serve", f"127.0.0.1:{free_port}", SITE_URL=url)) == [
        "ImproperlyConfigured: SITE_URL must be like https://kb.example, without a path, not "
        f"'{url}'."
    ]


def test_without_a_browser_and_the_means_to_install_one_the_tests_say_so(installed):
    assert said(kb(installed, "test", PATH=str(essentials(installed)))) == [
        "kb: no Chromium for the browser tests: install it, or set CHROMIUM to its path."
    ]


def test_a_folder_that_cannot_be_written_is_named(installed):
    blocked = installed / "requirements.txt"
    assert said(kb(installed, "manage", "version", VAR_DIR=str(blocked))) == [
        f"kb: cannot write in {blocked}."
    ]


def test_the_secret_key_is_made_once_for_its_owner_only(installed):
    key = installed / "made" / "secret-key"
    assert kb(installed, "manage", "version").returncode == 0
    first = key.read_text().strip()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(first) >= 50
    assert kb(installed, "manage", "version").returncode == 0
    assert key.read_text().strip() == first
    assert [path.name for path in key.parent.iterdir()] == ["secret-key"]


def test_a_database_is_made_for_its_owner_only_in_a_folder_that_others_may_read(installed):
    (installed / "made").mkdir(mode=0o755)
    assert kb(installed, "manage", "check", "--database", "default").returncode == 0
    assert (installed / "made" / "tech7kb.sqlite3").stat().st_mode & 0o777 == 0o600


def test_a_secret_key_from_the_environment_leaves_none_on_disk(installed):
    assert kb(installed, "manage", "version", SECRET_KEY="x" * 60).returncode == 0
    assert not (installed / "made" / "secret-key").exists()


def test_a_relative_var_dir_is_relative_to_where_the_command_was_given(
    installed, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert kb(installed, "manage", "version", VAR_DIR="here").returncode == 0
    assert (tmp_path / "here" / "secret-key").exists()


def test_an_unknown_command_points_to_the_list(clone):
    assert said(kb(clone, "sevre")) == ["kb: there is no command 'sevre'; ./kb help lists them."]


def test_each_larger_lock_holds_all_of_the_smaller():
    locks = ("requirements.txt", "requirements-assistants.txt", "requirements-dev.txt")
    served, assisted, developed = (pins(ROOT / name) for name in locks)
    assert served.items() < assisted.items() < developed.items()
    assert [name for name in ("mcp", "uvicorn") if name in served] == []


def test_the_environment_of_the_assistants_also_serves(installed):
    locks = ["requirements.txt", "requirements-assistants.txt"]
    sums = subprocess.run(["cksum", *locks], cwd=installed, capture_output=True, check=True).stdout
    (installed / ".venv" / "installed").write_bytes(sums)
    assert kb(installed, "manage", "version").returncode == 0


def test_the_assistants_address_in_use_is_named_with_their_own_command(clone, listening):
    (line,) = said(kb(clone, "assistants", f"127.0.0.1:{listening}", PYTHON=sys.executable))
    assert line.endswith(f"./kb assistants 127.0.0.1:{listening % 65535 + 1}")


def test_the_configuration_page_lists_exactly_the_variables_that_are_read():
    table = re.findall(
        r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "configuration.md").read_text(), re.MULTILINE
    )
    assert sorted(table) == sorted(
        variables_of_python("tech7kb/settings.py") | variables_of_tests() | variables_of_kb()
    )


def test_the_readme_gives_every_command_that_ci_runs():
    commands = re.findall(
        r"^(?:SITE_URL=\S+ )?\./kb .*$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE
    )
    readme = (ROOT / "README.md").read_text()
    assert len(commands) == 5
    assert [command for command in commands if command not in readme] == []


def in_use(port):
    """What `./kb serve` says of a port that is taken."""
    return (
        f"kb: 127.0.0.1:{port} is in use; stop what uses it, or name another: ./kb serve "
        f"127.0.0.1:{port % 65535 + 1}"
    )


def essentials(folder):
    """A folder for PATH with the programs that POSIX promises and `./kb` uses, and no Python among
    them.
    """
    programs = folder / "programs"
    programs.mkdir()
    for name in ("cat", "cksum", "grep", "id", "mkdir", "mv", "ps", "rm", "sleep"):
        (programs / name).symlink_to(shutil.which(name))
    return programs


def pins(path):
    """Map each package of a lock file to its version."""
    return dict(re.findall(r"^([A-Za-z0-9._\[\]-]+)==(\S+)", path.read_text(), re.MULTILINE))


def variables_of_python(path):
    """The names that a module reads with `os.environ`."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(attr="environ"), attr="get"), args=[name, *_]
            ):
                found.add(ast.literal_eval(name))
            case ast.Subscript(value=ast.Attribute(attr="environ"), slice=name):
                found.add(ast.literal_eval(name))
    return found


def variables_of_tests():
    """The names that the tests' own machinery reads."""
    return variables_of_python("tests/postgres.py") | {"CHROMIUM"}


def variables_of_kb():
    """The names in capitals that `./kb` expands, without those that every shell sets."""
    return set(re.findall(r"\$\{?([A-Z][A-Z_]+)", (ROOT / "kb").read_text())) - SHELL_NAMES
