"""New code is served without a pause: an old worker stays until the one that follows it has loaded
the site.
"""

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection

import pytest
from django.conf import settings

from tests.trials.parts.server import until

SITE = """
import os, pathlib, time
here = pathlib.Path(__file__).parent
time.sleep(0.7 if (here / "slow").exists() else 0)
assert not (here / "broken").exists(), "does not load"

def application(environ, start):
    start("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]
"""


class Served:
    """A site of one worker, which says which process it is."""

    def __init__(self, folder):
        (folder / "sample_site.py").write_text(SITE)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "tech7kb.serving",
            "sample_site:application",
            "--interface",
            "wsgi",
        ]
        command += [
            "--port",
            str(self.port),
            "--respawn-failed-workers",
            "--respawn-interval",
            "0.3",
            "--workers-kill-timeout",
            "5",
        ]
        environment = os.environ | {"PYTHONPATH": str(folder)}
        self.log = (folder / "log").open("w+")
        self.process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, stderr=self.log, stdout=self.log
        )
        until(self.answers, "the site did not start")

    def worker(self) -> int:
        """Ask which process answers, on a new connection; raises OSError where none does."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request("GET", "/")
            return int(connection.getresponse().read())

    def answers(self) -> bool:
        """Tell whether anybody answers."""
        try:
            return self.worker() > 0
        except OSError:
            return False

    def said(self, words: str) -> bool:
        """Tell whether the log has words."""
        self.log.seek(0)
        return words in self.log.read()


@pytest.fixture
def served(tmp_path):
    made = Served(tmp_path)
    yield made
    made.process.terminate()
    assert made.process.wait(30) == 0
    made.log.close()


def test_an_old_worker_answers_until_a_slow_new_one_has_loaded(served, tmp_path):
    old = served.worker()
    (tmp_path / "slow").touch()
    served.process.send_signal(signal.SIGHUP)
    until(
        lambda: served.worker() != old, "no new worker"
    )  # nobody is ever refused, which would raise
    until(lambda: not os.path.exists(f"/proc/{old}"), "the old worker stayed")
    assert served.worker() != old


def test_where_new_code_does_not_load_the_old_worker_stays(served, tmp_path):
    old = served.worker()
    (tmp_path / "broken").touch()
    served.process.send_signal(signal.SIGHUP)
    until(
        lambda: served.said("A new worker did not load the site: the old ones stay"),
        "it does not say so",
    )
    assert (served.worker(), served.process.poll()) == (old, None)
    (tmp_path / "broken").unlink()
    served.process.send_signal(signal.SIGHUP)
    until(lambda: served.worker() != old, "no new worker")


def test_a_worker_that_dies_is_followed_at_once(served):
    old = served.worker()
    os.kill(old, signal.SIGKILL)
    until(lambda: served.answers() and served.worker() != old, "no new worker")
