"""What a gRPC status means for what was sent. Pure."""

from collections.abc import Iterable

from google.protobuf.message import DecodeError
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status

from otel_bridge.send.retry import Delivered, Refused, TryLater, Verdict

NAMES = (
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND",
    "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED",
    "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
)  # fmt: skip
"""The codes of gRPC by their numbers."""

RETRYABLE = frozenset(
    {"CANCELLED", "DEADLINE_EXCEEDED", "ABORTED", "OUT_OF_RANGE", "UNAVAILABLE", "DATA_LOSS"}
)
"""OTLP specification, "Failures": these may be tried again; RESOURCE_EXHAUSTED with RetryInfo."""

_DETAILS_KEY = "grpc-status-details-bin"
_RETRY_KEY = "google.rpc.retryinfo-bin"


def judge_grpc(code: int, metadata: Iterable[tuple[str, bytes | str]]) -> Verdict:
    """Return what the answer of an OTLP/gRPC receiver means for the request."""
    name = NAMES[code] if 0 <= code < len(NAMES) else f"CODE_{code}"
    if name == "OK":
        return Delivered()
    wait = retry_delay(metadata)
    if name in RETRYABLE or (name == "RESOURCE_EXHAUSTED" and wait is not None):
        return TryLater(f"grpc_{name.lower()}", wait)
    return Refused(f"grpc_{name.lower()}")


def retry_delay(metadata: Iterable[tuple[str, bytes | str]]) -> float | None:
    """Return the seconds that a server asks to wait, from either of the two places for it."""
    for key, value in metadata:
        raw = value.encode("latin-1") if isinstance(value, str) else value
        try:
            if key == _DETAILS_KEY:
                delays = _delays_in_details(Status.FromString(raw))
            elif key == _RETRY_KEY:
                delays = [_seconds(RetryInfo.FromString(raw))]
            else:
                continue
        except DecodeError:
            continue
        if delays:
            return delays[0]
    return None


def _delays_in_details(status: Status) -> list[float]:
    found = []
    for detail in status.details:
        info = RetryInfo()
        if detail.Is(RetryInfo.DESCRIPTOR) and detail.Unpack(info):
            found.append(_seconds(info))
    return found


def _seconds(info: RetryInfo) -> float:
    return float(max(0.0, info.retry_delay.seconds + info.retry_delay.nanos / 1e9))
