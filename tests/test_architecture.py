"""What people forget: the order of imports, partials nobody uses, settings nobody documents, tools
that disagree.
"""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver

ROOT = settings.BASE_DIR
APP = ROOT / "recommendations"
FUNCTION_LINES, MODULE_LINES = 40, 300

# A room imports only from rooms above it; docs/architecture.md says what each is for.
ORDER = [
    "text",
    "ingest",
    "models",
    "search",
    "editorial",
    "formats",
    "accounts",
    "operations",
    "views",
    "admin",
    "templatetags",
    "apps",
    "urls",
    "management",
]
PURE = {"text", "ingest"}
LEVEL = {room: level for level, room in enumerate(ORDER)}


def modules() -> list[Path]:
    return [
        path
        for path in APP.rglob("*.py")
        if "migrations" not in path.parts and path != APP / "__init__.py"
    ]


def room_of(path: Path) -> str:
    return path.relative_to(APP).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    """Return the rooms of the app that a module imports from."""
    rooms = set()
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            whole = ".".join([*base, *([node.module] if node.module else [])])
            names = [f"{whole}.{alias.name}" for alias in node.names]
            rooms |= {name.split(".")[1] for name in names if name.startswith("recommendations.")}
    return rooms - {room_of(path)}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(APP)))
def test_a_room_imports_only_from_its_left(path):
    room = room_of(path)
    backwards = {other for other in imported_rooms(path) if LEVEL[other] > LEVEL[room]}
    assert backwards == set()


def imported_modules(path: Path) -> set[str]:
    """Return the dotted names that a module imports from the app, and the names it imports."""
    found = set()
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            whole = ".".join([*base, *([node.module] if node.module else [])])
            found |= {whole} | {f"{whole}.{alias.name}" for alias in node.names}
    return found


def test_only_the_editors_rooms_know_proposals():
    for path in modules():
        if "recommendations.models.proposal" in imported_modules(path):
            is_table = path == APP / "models" / "__init__.py"
            assert is_table or room_of(path) in ("editorial", "admin"), path


def test_only_publishing_makes_versions_and_writes_the_tables_of_readers():
    for path in modules():
        name = str(path.relative_to(APP))
        if "recommendations.editorial.tables" in imported_modules(path):
            assert name == "editorial/publish.py"
        calls = {
            ast.unparse(node.func)
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call)
        }
        made = {"Version", "Version.objects.create", "Version.objects.bulk_create"} & calls
        assert not made or name == "editorial/publish.py", name
        made = {"Recommendation", "Citation"} & calls
        assert not made or name == "editorial/tables.py", name


def test_every_room_is_in_the_order():
    assert {room_of(path) for path in modules()} == set(LEVEL)


@pytest.mark.parametrize("room", sorted(PURE))
def test_a_pure_room_knows_neither_database_nor_framework(room):
    source = "\n".join(path.read_text() for path in modules() if room_of(path) == room)
    imports = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    names = {alias.name for node in imports for alias in node.names} | {
        getattr(n, "module", "") or "" for n in imports
    }
    assert not [name for name in names if name.startswith(("django", "models"))]


def test_no_import_stands_inside_a_function():
    for path in [*modules(), *(ROOT / "tests").glob("*.py"), *(ROOT / "tech7kb").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                inner = [
                    each for each in ast.walk(node) if isinstance(each, ast.Import | ast.ImportFrom)
                ]
                assert inner == [], f"{path}: {node.name}"


def test_no_module_is_too_big_for_one_concept():
    assert {
        path.name: n
        for path in modules()
        if (n := len(path.read_text().splitlines())) > MODULE_LINES
    } == {}


def test_functions_are_short():
    long = {}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno > FUNCTION_LINES:
                long[f"{path.name}:{node.name}"] = node.end_lineno - node.lineno
    assert long == {}


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def test_every_template_is_used():
    code = "\n".join(path.read_text() for path in [*modules(), *templates()])
    overrides = (
        "templates/admin/",
        "templates/account/",
        "templates/mfa/",
        "templates/500.html",
        "templates/403",
    )
    for path in templates():
        name = str(path.relative_to(ROOT / "templates"))
        if not str(path.relative_to(ROOT)).startswith(overrides):
            assert name in code, f"nothing uses {name}"


def test_partials_are_included_with_only_what_they_name():
    for path in templates():
        for include in re.findall(r"{% include [^%]*partials/[^%]*%}", path.read_text()):
            assert include.rstrip("%} ").endswith("only"), f"{path.name}: {include}"


def test_no_template_lets_markup_through_or_holds_inline_code():
    for path in templates():
        assert not re.findall(
            r'\|safe|autoescape off|<style|style="|<script>| on[a-z]+="', path.read_text()
        ), path.name


def test_the_site_map_is_tested():
    tested = (ROOT / "tests" / "test_addresses.py").read_text()
    for pattern in get_resolver("recommendations.urls").url_patterns:
        stem = re.split(r"[<.]", str(pattern.pattern))[0]
        assert f"/{stem}" in tested, pattern


def test_no_file_names_a_package_index_or_a_path_of_one_machine():
    hosts = [
        "pypi" + ".org",
        "python" + "hosted",
        "npm" + "js.org",
        "deb" + "ian.org",
        "/" + "root/",
        "/" + "work/",
    ]
    for path in [*ROOT.glob("[!.]*.*"), ROOT / "kb", *modules(), *(ROOT / "tests").glob("*.py")]:
        if path.is_file():
            text = path.read_text(errors="ignore")
            assert [host for host in hosts if host in text] == [], path.name
