"""What is installed with an extra only."""

from __future__ import annotations

from bough_secrets.errors import ConfigurationError


def require_queues() -> None:
    """Raise ConfigurationError where the library for queues is not installed."""
    try:
        import amqpstorm  # noqa: F401
    except ModuleNotFoundError:
        raise ConfigurationError(
            "The package 'amqpstorm', which queues need, is missing",
            "Install bough-secrets[queue]",
        ) from None
