"""Fail under sentry-sdk; print each event as one line of JSON.

python -m tests.parity.under_sentry [NAME...]
"""

import contextlib
import json
import sys

import sentry_sdk
from sentry_sdk.transport import Transport

from tests.parity.apart import each_apart
from tests.parity.scenarios import SCRIPTS, attempt
from tests.parity.webapps import WEB


class Printer(Transport):
    """Prints events where others would send them."""

    def capture_envelope(self, envelope):
        event = envelope.get_event()
        if event is not None:
            print(json.dumps(event, default=str))


class Watch:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if error is not None:
            sentry_sdk.capture_exception(error)


def run(name):
    sentry_sdk.init(
        dsn="http://public@127.0.0.1:9/1",
        transport=Printer,
        release="shop@1",
        include_local_variables=False,
    )
    if name in WEB:
        make, call, path = WEB[name]
        call(make(), path)
    else:
        with contextlib.suppress(Exception):
            attempt(Watch(), SCRIPTS[name])


if __name__ == "__main__":
    each_apart(sys.argv[1:] or [*SCRIPTS, *WEB], run)
