"""Our tail sampler and the Collector's keep the same traces of the same traffic."""

import pytest

from tests.benchmarks.sample_collector import (
    CONFIG,
    TRACES,
    run_collector,
    run_ours,
    write_traffic,
)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


def test_equal_policies_keep_the_same_traces(tmp_path, collector_binary):
    assert collector_binary
    traffic = tmp_path / "traffic.bin"
    write_traffic(traffic, traces=1500)

    ours = run_ours(traffic)
    theirs = run_collector([CONFIG], traffic, tmp_path / "collector")

    assert ours["kept"] == theirs["kept"]
    assert 0 < len(ours["kept"]) < 1500 < TRACES
