"""Compare the spool's segment files with SQLite as a store for error events.

Run: python -m tests.benchmarks.spool_stores [--events 2000] [--bytes 30000]
"""

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
import zlib
from pathlib import Path

from otel_bridge.send.clock import SystemClock
from otel_bridge.send.parcel import Parcel
from otel_bridge.send.spool.store import Spool
from otel_bridge.stats import Kind

WORDS = [f"{random.Random(i).getrandbits(40):x}" for i in range(3_000)]


def make_body(number, size):
    dice = random.Random(number)
    words = [dice.choice(WORDS) for _ in range(size // 10)]
    return " ".join(words).encode()[:size]


class Segments:
    name = "segment files"

    def __init__(self, folder, *, synced):
        self.folder, self.synced = folder, synced
        self.spool = Spool(folder, 2**30, 4 * 2**20, SystemClock())
        self.parcels = []

    def append(self, bodies):
        parcels = [
            Parcel(kind=Kind.ERROR, items=1, body=body, key="k", accepted_at=0) for body in bodies
        ]
        self.spool.append(parcels)
        if self.synced:
            self.spool.sync()
        self.parcels += parcels

    def done(self, number):
        self.parcels[number].slot.forget()

    def close(self):
        for segment in self.spool._segments():
            segment.leave_to_parent()

    def recover(self):
        spool = Spool(self.folder, 2**30, 4 * 2**20, SystemClock())
        bodies = 0
        while found := spool.recover().parcels:
            bodies += sum(each.load() is not None for each in found)
        return bodies


class Sqlite:
    name = "SQLite (WAL)"

    def __init__(self, folder, *, synced):
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "spool.db"
        self.db = self.open("FULL" if synced else "OFF")
        self.db.execute("CREATE TABLE IF NOT EXISTS spool (id INTEGER PRIMARY KEY, body BLOB)")

    def open(self, synchronous):
        db = sqlite3.connect(self.file, isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute(f"PRAGMA synchronous={synchronous}")
        return db

    def append(self, bodies):
        rows = [(zlib.compress(body, 1),) for body in bodies]
        self.db.execute("BEGIN IMMEDIATE")
        self.db.executemany("INSERT INTO spool (body) VALUES (?)", rows)
        self.db.execute("COMMIT")

    def done(self, number):
        self.db.execute("DELETE FROM spool WHERE id = ?", (number + 1,))

    def close(self):
        self.db.close()

    def recover(self):
        try:
            rows = self.open("OFF").execute("SELECT body FROM spool ORDER BY id")
            return sum(zlib.decompress(body) is not None for (body,) in rows)
        except (sqlite3.DatabaseError, zlib.error):
            return 0


def timed(work):
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1e6


def spread(times):
    cuts = statistics.quantiles(times, n=100)
    return f"p50 {cuts[49]:7.0f} µs   p99 {cuts[98]:7.0f} µs"


def measure(store_class, bodies, folder, *, synced, group):
    store = store_class(folder, synced=synced)
    groups = [bodies[i : i + group] for i in range(0, len(bodies), group)]
    appends = [timed(lambda each=each: store.append(each)) / len(each) for each in groups]
    half = len(bodies) // 2
    forgets = [timed(lambda n=n: store.done(n)) for n in range(half)]
    store.close()
    found = []
    recovery = timed(lambda: found.append(store.recover()))
    sync = "synced" if synced else "not synced"
    print(
        f"{store.name:14} {sync:10} {group:3} a write: append {spread(appends)}   "
        f"done {spread(forgets)}   recover {found[0]} in {recovery / 1000:.0f} ms"
    )


def damage(store_class, bodies, folder):
    """Flip a byte in every 64 KiB of what is on disk and see what is still there."""
    store = store_class(folder, synced=False)
    store.append(bodies)
    store.close()
    for file in folder.rglob("*"):
        content = bytearray(file.read_bytes())
        for offset in range(30_000, len(content), 65_536):
            content[offset] ^= 0xFF
        file.write_bytes(content)
    print(f"{store.name:14} damaged every 64 KiB: {store.recover()} of {len(bodies)} left")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=2_000)
    parser.add_argument("--bytes", type=int, default=30_000)
    arguments = parser.parse_args()
    bodies = [make_body(number, arguments.bytes) for number in range(arguments.events)]
    small = len(zlib.compress(bodies[0], 1))
    print(f"{len(bodies)} events of {len(bodies[0])} bytes, {small} compressed")
    with tempfile.TemporaryDirectory() as scratch:
        for number, (synced, group) in enumerate([(False, 1), (True, 1), (True, 32)]):
            for store_class in (Segments, Sqlite):
                folder = Path(scratch) / f"{number}{store_class.__name__}"
                measure(store_class, bodies, folder, synced=synced, group=group)
        for store_class in (Segments, Sqlite):
            damage(store_class, bodies[:300], Path(scratch) / f"damaged{store_class.__name__}")


if __name__ == "__main__":
    main()
