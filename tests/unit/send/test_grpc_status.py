import pytest
from google.protobuf.any_pb2 import Any
from google.rpc.error_details_pb2 import DebugInfo, RetryInfo
from google.rpc.status_pb2 import Status

from otel_bridge.send.grpc_status import judge_grpc, retry_delay
from otel_bridge.send.retry import Delivered, Refused, TryLater


def info(seconds, nanos=0):
    made = RetryInfo()
    made.retry_delay.seconds = seconds
    made.retry_delay.nanos = nanos
    return made


def details(*messages):
    status = Status(code=14)
    for message in messages:
        packed = Any()
        packed.Pack(message)
        status.details.append(packed)
    return ("grpc-status-details-bin", status.SerializeToString())


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (0, Delivered()),
        (1, TryLater("grpc_cancelled")),
        (2, Refused("grpc_unknown")),
        (3, Refused("grpc_invalid_argument")),
        (4, TryLater("grpc_deadline_exceeded")),
        (7, Refused("grpc_permission_denied")),
        (8, Refused("grpc_resource_exhausted")),
        (10, TryLater("grpc_aborted")),
        (11, TryLater("grpc_out_of_range")),
        (12, Refused("grpc_unimplemented")),
        (13, Refused("grpc_internal")),
        (14, TryLater("grpc_unavailable")),
        (15, TryLater("grpc_data_loss")),
        (16, Refused("grpc_unauthenticated")),
        (99, Refused("grpc_code_99")),
    ],
)
def test_the_code_decides_whether_a_request_is_tried_again(code, verdict):
    assert judge_grpc(code, []) == verdict


def test_resource_exhausted_is_tried_again_only_when_the_server_says_when():
    assert judge_grpc(8, [details(info(3))]) == TryLater("grpc_resource_exhausted", 3.0)


@pytest.mark.parametrize(
    ("metadata", "seconds"),
    [
        ([], None),
        ([("other", b"x")], None),
        ([details(info(3, 500_000_000))], 3.5),
        ([details(DebugInfo(detail="x"), info(2))], 2.0),
        ([details(DebugInfo(detail="x"))], None),
        ([("google.rpc.retryinfo-bin", info(4).SerializeToString())], 4.0),
        ([("google.rpc.retryinfo-bin", info(-4).SerializeToString())], 0.0),
        ([("grpc-status-details-bin", b"\xff\xff"), ("google.rpc.retryinfo-bin", b"")], 0.0),
        ([("grpc-status-details-bin", b"\xff\xff")], None),
    ],
)
def test_the_wait_is_read_from_both_places_for_it(metadata, seconds):
    assert retry_delay(metadata) == seconds
