"""What takes records over in tests of the log door."""

from types import SimpleNamespace

ERROR_ID = "e" * 32


class Taker:
    """A sink that keeps what it is given."""

    def __init__(self):
        self.logs = []
        self.noted = []

    def put_log(self, log, exc):
        self.logs.append(
            SimpleNamespace(body=log.log_record, exc=exc, scope=log.instrumentation_scope)
        )

    def note_error(self, exc):
        self.noted.append(exc)
        return ERROR_ID

    @property
    def texts(self):
        return [log.body.body for log in self.logs]
