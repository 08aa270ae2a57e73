"""Offer errors until killed; tell on stdout when each was offered.

Arguments: DSN, spool folder, first number, errors a second (0: only deliver what is there).
"""

import os
import sys
import time
from pathlib import Path

from otel_bridge.send.destination import SentryDestination
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.options import RetryOptions, SendOptions

dsn, folder, first, rate = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
options = SendOptions(
    timeout_s=2.0,
    spool_dir=folder,
    spool_segment_bytes=65_536,
    spool_scan_s=0.5,
    retry=RetryOptions(initial_s=0.05, max_s=0.5),
)
destination = SentryDestination(Dsn.parse(dsn), None, options)
destination.start()
os.write(1, b"ready\n")
number = first
while True:
    if rate == 0:
        time.sleep(0.05)
        continue
    event = {
        "event_id": f"{number:032x}",
        "message": f"error {number}",
        "extra": {"x": "y" * 3_000},
    }
    destination.offer(event)
    os.write(1, f"{number} {time.monotonic()}\n".encode())
    number += 1
    time.sleep(1.0 / rate)
