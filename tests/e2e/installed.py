"""`otel_bridge` as an installed package: its entry points, as they are in this work tree."""

import tomllib
from pathlib import Path

from otel_bridge.version import __version__

ROOT = Path(__file__).parents[2]


def metadata_for(folder: Path) -> Path:
    """A folder for the front of PYTHONPATH in which the package's metadata are found.

    An environment may hold metadata from an earlier state of the work tree, or none.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    info = folder / "metadata" / f"otel_bridge-{__version__}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {__version__}\n"
    )
    groups = {"console_scripts": project["scripts"], **project["entry-points"]}
    (info / "entry_points.txt").write_text(
        "\n".join(
            f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in entries.items())
            for group, entries in groups.items()
        )
    )
    return info.parent


def import_path(folder: Path) -> str:
    """PYTHONPATH with the work tree and its entry points."""
    return f"{metadata_for(folder)}:{ROOT}"
