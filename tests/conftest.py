"""What tests against real engines share."""

from tests.support.fixtures import application, platform

__all__ = ["application", "platform"]
