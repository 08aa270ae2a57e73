"""What is written is run: every Python example of the documentation."""

import ast
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from otel_bridge.config.options import Options

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
EXAMPLES = [
    (page.name, number, code)
    for page in PAGES
    for number, code in enumerate(re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL))
]


@pytest.mark.parametrize(
    ("page", "number", "code"), EXAMPLES, ids=[f"{page}-{number}" for page, number, _ in EXAMPLES]
)
def test_every_python_example_runs(page, number, code, tmp_path):
    for name in _imported(code):
        if find_spec(name) is None:
            pytest.skip(f"{name} is not installed")

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
    )

    assert (done.returncode, done.stderr) == (0, "")


def _imported(code):
    """Return the top-level packages that an example imports."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Import(names):
                yield from (each.name.partition(".")[0] for each in names)
            case ast.ImportFrom(module=str(module)):
                yield module.partition(".")[0]


def test_every_link_to_a_file_of_ours_leads_somewhere():
    lost = [
        f"{page.name}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]

    assert lost == []


def test_the_page_of_migration_names_only_options_that_there_are():
    page = (ROOT / "docs" / "migrating-from-sentry-sdk.md").read_text()
    table = page[page.index("## Options") : page.index("## Calls")]
    ours = [row.split("|")[2] for row in table.splitlines() if row.startswith("| `")]
    named = {name for cell in ours for name in re.findall(r"`([a-z_]+)", cell)}

    assert named - set(Options.__struct_fields__) == set()
