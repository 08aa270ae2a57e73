import threading

import pytest

from otel_bridge.instrument.standby import Standby


@pytest.mark.parametrize("in_stock", [True, False])
def test_a_job_is_done_on_another_thread(in_stock):
    done, where = threading.Event(), []
    standby = Standby(in_stock=in_stock)
    standby.start()
    assert (standby.thread is not None) == in_stock

    def job():
        where.append(threading.current_thread())
        done.set()

    assert standby.do(job)
    assert done.wait(10)
    assert where == [standby.thread]


def test_a_thread_that_is_not_needed_ends():
    standby = Standby(in_stock=True)
    standby.start()
    standby.dismiss()
    standby.thread.join(10)

    assert not standby.thread.is_alive()
