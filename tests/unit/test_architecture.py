"""The rules of the house that no other tool checks."""

import ast
import subprocess
import sys
from pathlib import Path

import otel_bridge

PACKAGE = Path(otel_bridge.__file__).parent
ROOT = PACKAGE.parent
MODULES = sorted(PACKAGE.rglob("*.py"))
MAX_LINES = 400


def calls_in(module):
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func
            yield name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", "")


def test_only_the_scrub_stage_makes_clean_things():
    makers = {
        module.relative_to(PACKAGE).parts[0]
        for module in MODULES
        if {"CleanBatch", "CleanEvent"} & set(calls_in(module))
    }

    assert makers == {"scrub"}


def test_nobody_casts_to_a_clean_thing_outside_wire_and_scrub():
    offenders = [
        str(module.relative_to(PACKAGE))
        for module in MODULES
        if module.relative_to(PACKAGE).parts[0] not in {"scrub", "wire"}
        and any(
            f"cast({quote}Clean" in module.read_text(encoding="utf-8") for quote in ("", '"', "'")
        )
    ]

    assert offenders == []


def test_no_module_is_longer_than_it_may_be():
    lengths = {str(m.relative_to(PACKAGE)): len(m.read_text().splitlines()) for m in MODULES}

    assert {name: n for name, n in lengths.items() if n > MAX_LINES} == {}


def test_package_inits_hold_no_logic():
    for init in PACKAGE.rglob("__init__.py"):
        allowed = (ast.Import, ast.ImportFrom, ast.Expr, ast.Assign)
        body = ast.parse(init.read_text(encoding="utf-8")).body
        rest = [node for node in body if not isinstance(node, allowed)]
        if init.parent == PACKAGE:
            # Names whose import takes long come when they are asked for, and only those.
            assert [getattr(node, "name", "if TYPE_CHECKING") for node in rest] == [
                "if TYPE_CHECKING",
                "__getattr__",
            ]
        else:
            assert rest == [], init


def test_the_public_names_are_sorted_and_there():
    assert otel_bridge.__all__ == sorted(otel_bridge.__all__)
    assert all(hasattr(otel_bridge, name) for name in otel_bridge.__all__)


def test_importing_the_package_imports_no_framework():
    code = (
        "import otel_bridge, sys;"
        "print(*sorted({'fastapi', 'flask', 'django', 'uvicorn', 'grpc', 'requests',"
        " 'google.protobuf', 'urllib3', 'msgspec', 're2', 'tomllib'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert done.stdout.split() == []


def test_every_unit_test_module_stands_where_its_module_stands():
    tests = ROOT / "tests" / "unit"
    free = {"test_architecture.py"}
    lost = [
        str(test.relative_to(tests))
        for test in tests.rglob("test_*.py")
        if test.name not in free
        and not (
            PACKAGE / test.relative_to(tests).parent / test.name.removeprefix("test_")
        ).exists()
        and not (
            PACKAGE / test.relative_to(tests).parent / test.stem.removeprefix("test_")
        ).is_dir()
    ]

    assert lost == []
