"""Offer errors in a process, its forked children and theirs; print the counts of the first.

Arguments: DSN, spool folder, whether children end by ``exit`` or by ``shutdown``.
"""

import json
import os
import sys
from pathlib import Path

from otel_bridge.send.destination import SentryDestination
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.options import SendOptions
from otel_bridge.stats import Stats

dsn, folder, ends = sys.argv[1:]
stats = Stats()
options = SendOptions(spool_dir=Path(folder), spool_scan_s=0.2)
destination = SentryDestination(Dsn.parse(dsn), None, options, stats)


def offer(first):
    for number in range(first, first + 20):
        destination.offer({"event_id": f"{number:032x}"})


def leave():
    if ends == "shutdown":
        destination.shutdown(5.0)
    else:
        destination._lane.keeper.save_all()
    os._exit(0)


offer(0)
children = []
for number in range(1, 4):
    child = os.fork()
    if child == 0:
        offer(number * 100)
        if number == 3 and os.fork() == 0:
            offer(900)
            leave()
        leave()
    children.append(child)
offer(50)
for child in children:
    os.waitpid(child, 0)
done = destination.shutdown(20.0)
print(json.dumps({"done": done, **stats.snapshot()["error"]}))
