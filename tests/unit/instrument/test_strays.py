import subprocess
import sys
import threading
import time
from contextlib import suppress

from otel_bridge.instrument.strays import PATIENCE_S, end_strays


def test_a_thread_that_works_on_is_ended():
    began = threading.Event()

    def work():
        with suppress(SystemExit):  # which pytest would take for a failure
            began.set()
            while True:
                time.sleep(0.001)

    stray = threading.Thread(target=work, daemon=True)
    stray.start()
    assert began.wait(10)
    end_strays([stray])
    stray.join(10)

    assert not stray.is_alive()


def test_one_that_waits_is_left_behind_after_a_moment():
    released = threading.Event()

    def wait():
        with suppress(SystemExit):
            released.wait(30)

    stray = threading.Thread(target=wait, daemon=True)
    stray.start()
    begun = time.monotonic()
    end_strays([stray, threading.Thread(target=print)])

    assert time.monotonic() - begun < PATIENCE_S + 2
    released.set()
    stray.join(10)


def test_a_python_without_ctypes_can_do_without():
    script = """
import sys, threading
sys.modules["ctypes"] = None  # as in a build without libffi
from otel_bridge.instrument.strays import end_strays
released = threading.Event()
stray = threading.Thread(target=released.wait, args=(30,), daemon=True)
stray.start()
end_strays([stray])
released.set()
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
