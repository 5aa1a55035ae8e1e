"""What all tests share."""

import signal

from tests.support.fixtures import application, platform

__all__ = ["application", "platform"]

# A runner that was started in the background ignores Ctrl-C, and so would all that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)
