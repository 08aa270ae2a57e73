"""Django settings of the Bugsink that the tests run: quiet, local, synchronous."""

import os

from bugsink.settings.default import *  # noqa: F403 - how Bugsink is configured
from bugsink.settings.default import DATABASES

_BASE = os.environ["BUGSINK_BASE"]

SECRET_KEY = "for-tests-only-" + "x" * 60
DATABASES["default"]["NAME"] = f"{_BASE}/db.sqlite3"
DATABASES["snappea"]["NAME"] = f"{_BASE}/snappea.sqlite3"
TIME_ZONE = "UTC"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
# Eager: an event is in the database when its POST returns, so tests wait for nothing.
SNAPPEA = {
    "TASK_ALWAYS_EAGER": True,
    "NUM_WORKERS": 2,
    "PID_FILE": f"{_BASE}/snappea.pid",
    "WAKEUP_CALLS_DIR": f"{_BASE}/wakeup",
}
BUGSINK = {
    "BASE_URL": f"http://127.0.0.1:{os.environ.get('BUGSINK_PORT', '0')}",
    "SINGLE_USER": True,
    "SINGLE_TEAM": True,
    "USER_REGISTRATION": "CB_NOBODY",
    "PHONEHOME": False,
    "VALIDATE_ON_DIGEST": os.environ.get("BUGSINK_VALIDATE", "warn"),
    "KEEP_ENVELOPES": 1000,
    "INGEST_STORE_BASE_DIR": f"{_BASE}/ingestion",
    # Both quotas, because the default for the whole server is no larger than a project's.
    "MAX_EVENTS_PER_PROJECT_PER_5_MINUTES": int(os.environ.get("BUGSINK_QUOTA", "100000")),
    "MAX_EVENTS_PER_PROJECT_PER_HOUR": 1_000_000,
    "MAX_EVENTS_PER_5_MINUTES": 100_000,
    "MAX_EVENTS_PER_HOUR": 1_000_000,
}
