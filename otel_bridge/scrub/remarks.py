"""Sentry's ``_meta``: under the path of each text, what was taken out of it and why."""

from collections.abc import Mapping
from typing import Any

from otel_bridge.scrub.job import Job


def to_meta(job: Job, known: Any) -> dict[str, Any]:  # noqa: ANN401 (foreign JSON)
    """Return the tree of remarks: those that were known before, and those of this job."""
    meta: dict[str, Any] = dict(known) if isinstance(known, Mapping) else {}
    for remark in job.remarks:
        node = meta
        for part in remark.path.split("."):
            child = node.get(part)
            node[part] = node = dict(child) if isinstance(child, dict) else {}
        node[""] = {
            "rem": [[f"@{c.rule}:filter", c.how, c.out_start, c.out_end] for c in remark.cuts],
            "len": remark.length,
        }
    return meta
