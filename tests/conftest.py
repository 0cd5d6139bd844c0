"""What every test stands on: the Paris declaration, loaded once, and a browser for the pages that
need one.

A test marked `django_db` runs in a transaction that is rolled back, over data committed at the
start of the session. A test with `site` talks to a server that reads the same data over its own
connections: it sees no row that the test has not committed, so browser tests read and leave writing
to the others. Nobody uses `transactional_db`: it empties the database.
"""

import asyncio
import os
import shutil
from pathlib import Path

import cvttf_NotoSansCJK_Regular as cjk
import fontpkg
import pytest
from databases import copy_of_template
from django.conf import settings
from django.core.cache import caches
from django.test import override_settings
from django.test.testcases import LiveServerThread

from recommendations.search import facets, suggestions
from tech7kb import fonts

pytest.register_assert_rewrite("accessibility")

# Playwright keeps an event loop in the main thread, which Django takes for asynchronous code using
# the ORM.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The last such flag counts, so Playwright's own list is said again; the last line is Chromium's
# preloaded toolbar, a process more for each test.
WITHOUT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable"
    ",LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect"
    ",OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch"
    ",WebUIOmniboxPopup,WebUIOmniboxAimPopup,PreloadTopChromeWebUI,InitialWebUI,WebUIReloadButton,WebUIToolbar"
)
BROWSER_FLAGS = (
    f"--disable-features={WITHOUT}",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# The only fonts that Chromium has: those of packages, and so the same on every machine.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{serif}</dir><dir>{sans}</dir><dir>{cjk}</dir><cachedir>{cache}</cachedir>
  <alias><family>serif</family><prefer><family>Source Serif 4</family></prefer></alias>
  <alias><family>sans-serif</family><prefer><family>Source Sans 3</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>Source Sans 3</family></prefer></alias>
</fontconfig>
"""


def pytest_sessionstart(session):
    """Make the site's typefaces once, before processes and browsers ask for them."""
    if not hasattr(session.config, "workerinput"):
        fonts.make_all()


def pytest_xdist_auto_num_workers(config) -> int:
    """Run one worker more than there are cores: many tests wait for a server or a browser."""
    return os.cpu_count() + 1


@pytest.fixture(scope="session", autouse=True)
def test_settings(tmp_path_factory):
    """Serve static files from where they are written, keep pictures out of the site's folder, hash
    passwords fast.
    """
    with override_settings(
        STORAGES={
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        WHITENOISE_AUTOREFRESH=True,
        WHITENOISE_USE_FINDERS=True,
        VAR_DIR=tmp_path_factory.mktemp("var"),
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(scope="session")
def django_db_setup(test_settings, tmp_path_factory, worker_id, django_db_blocker):
    """Give this process a database with the Paris declaration; replaces pytest-django's fixture.

    That one creates nothing when only browser tests were selected, and the load would reach the
    real database.
    """
    folder = tmp_path_factory.getbasetemp()  # one for each process, in one for the run
    folder = folder if worker_id == "master" else folder.parent
    database = copy_of_template(folder, worker_id)
    with django_db_blocker.unblock(), database, django_db_blocker.block():
        yield


@pytest.fixture(scope="session")
def site(django_db_setup):
    """Serve the site in a thread, static files by WhiteNoise as in production; the value is its
    base URL.
    """
    server = LiveServerThread("127.0.0.1", static_handler=lambda application: application)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://{server.host}:{server.port}"
    server.terminate()


@pytest.fixture
def _no_loop():
    """Hide the event loop that browser tests leave in their thread: a child has none, and checks
    must not meet one.
    """
    loop = asyncio.events._get_running_loop()
    asyncio.events._set_running_loop(None)
    yield
    asyncio.events._set_running_loop(loop)


@pytest.fixture(autouse=True)
def _nothing_kept():
    """Forget what the test before kept: it was rolled back to a content version that comes
    again.
    """
    caches["pages"].clear()
    caches["cards"].clear()
    facets.forget()
    suggestions.texts.cache_clear()
    suggestions.vocabulary.cache_clear()


@pytest.fixture(autouse=True)
def _let_the_site_read(request):
    """Open the database to the site's threads for the tests that use it, and keep it closed to all
    others.
    """
    if "site" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("site")
    with request.getfixturevalue("django_db_blocker").unblock():
        yield


@pytest.fixture(scope="session")
def font_configuration(tmp_path_factory):
    """Write the configuration that keeps Chromium from the fonts of this machine."""
    folder = tmp_path_factory.mktemp("fontconfig")
    folders = {
        "serif": Path(fontpkg.path("Source Serif 4")).parent,
        "sans": Path(fontpkg.path("Source Sans 3")).parent,
        "cjk": Path(cjk.get_TTF_path()).parent,
        "cache": folder,
    }
    file = folder / "fonts.conf"
    file.write_text(FONTS.format(**folders))
    return file


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, font_configuration):
    """Use the Chromium of this machine, silent on the network and without a sandbox only where root
    forbids one.
    """
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not chromium:
        pytest.fail(
            "No Chromium for the browser tests: run ./kb test, or set CHROMIUM to its path.",
            pytrace=False,
        )
    flags = [*BROWSER_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    environment = {**os.environ, "FONTCONFIG_FILE": str(font_configuration)}
    return {
        **browser_type_launch_args,
        "executable_path": chromium,
        "args": flags,
        "env": environment,
    }


@pytest.fixture(scope="session")
def base_url(site):
    """Let a page go to a path; pytest-playwright 0.10's own fixture is of a kind that pytest 9
    warns about.
    """
    return site


@pytest.fixture
def no_js_page(new_context):
    """Open a page in which no script runs."""
    return new_context(java_script_enabled=False).new_page()
