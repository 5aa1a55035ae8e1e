"""A session's status as Prometheus metrics; needs the extra `bough-secrets[metrics]`.

>>> REGISTRY.register(bough_secrets.metrics.collector(session))  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bough_secrets.aio.session import AsyncSession
from bough_secrets.session import Session
from bough_secrets.status import AccountStatus, SecretStatus, Status, TokenStatus


class SessionCollector(Collector):
    """Reads the session's status at each scrape; keeps nothing, asks nobody."""

    def __init__(self, session: Session | AsyncSession) -> None:
        self._session = session

    def collect(self) -> Iterator[Metric]:
        status = self._session.status()
        yield from of_session(status)
        yield from of_token(status["token"])
        yield from of_accounts("database", status["databases"])
        yield from of_accounts("queue", status["queues"])
        yield from of_secrets(status["secrets"])
        yield of_errors(status)


def collector(session: Session | AsyncSession) -> SessionCollector:
    """Return what a `prometheus_client` registry takes."""
    return SessionCollector(session)


def of_session(status: Status) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "bough_session_valid", "1 while this instance has an identity", value=status["valid"]
    )
    yield GaugeMetricFamily(
        "bough_survivable_seconds",
        "For how long Vault may be away from now on",
        value=status["survivable"],
    )


def of_token(token: TokenStatus) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "bough_token_age_seconds", "Since the login that the token is from", value=token["age"]
    )
    yield GaugeMetricFamily(
        "bough_token_remaining_seconds",
        "What the token is good for without another renewal",
        value=token["remaining"],
    )
    yield CounterMetricFamily(
        "bough_token_relogins", "New identities while running", value=token["relogins"]
    )
    yield CounterMetricFamily(
        "bough_token_failures", "Failed renewals and logins", value=token["failures"]
    )


def of_accounts(kind: str, accounts: dict[str, AccountStatus]) -> Iterator[Metric]:
    """For each need of a kind, `database` or `queue`, which is in the metrics' names."""
    age = GaugeMetricFamily(
        f"bough_{kind}_account_age_seconds", "Since the account was made", labels=["need"]
    )
    remaining = GaugeMetricFamily(
        f"bough_{kind}_account_remaining_seconds",
        "What the account is good for without another renewal",
        labels=["need"],
    )
    rotations = CounterMetricFamily(
        f"bough_{kind}_rotations", "Accounts that were replaced", labels=["need"]
    )
    failures = CounterMetricFamily(
        f"bough_{kind}_failures", "Failed renewals and rotations", labels=["need"]
    )
    for need, account in accounts.items():
        age.add_metric([need], account["age"])
        remaining.add_metric([need], account["remaining"])
        rotations.add_metric([need], account["rotations"])
        failures.add_metric([need], account["failures"])
    yield from (age, remaining, rotations, failures)


def of_secrets(secrets: dict[str, SecretStatus]) -> Iterator[Metric]:
    age = GaugeMetricFamily(
        "bough_secret_age_seconds", "Since the secret was last read", labels=["secret"]
    )
    version = GaugeMetricFamily(
        "bough_secret_version", "The version that was last read", labels=["secret"]
    )
    for name, secret in secrets.items():
        age.add_metric([name], secret["age"])
        version.add_metric([name], secret["version"])
    yield from (age, version)


def of_errors(status: Status) -> Metric:
    found = GaugeMetricFamily(
        "bough_last_error", "The kind of the last failure, always 1", labels=["of", "kind"]
    )
    kinds: dict[str, str | None] = {"token": status["token"]["last_error"]}
    for need, database in status["databases"].items():
        kinds[f"database/{need}"] = database["last_error"]
    for need, queue in status["queues"].items():
        kinds[f"queue/{need}"] = queue["last_error"]
    for of, kind in kinds.items():
        if kind:
            found.add_metric([of, kind], 1)
    return found
