"""The platform on this machine, as one component: containers, their volumes and a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi

from bough_components.local import ledger_database
from bough_components.local.engine import Engine
from bough_components.local.engine_settings import settings_mark
from bough_components.local.images_of import operator_rules_mark
from bough_components.local.network import PlatformNetwork
from bough_components.local.setup import PostgresSetup, VaultSetup

if TYPE_CHECKING:
    from collections.abc import Mapping


class LocalPlatform(pulumi.ComponentResource):
    """What environments share. Everything listens on 127.0.0.1 alone."""

    def __init__(
        self,
        platform: str,
        images: Mapping[str, str],
        ports: Mapping[str, int],
        plugins: Mapping[str, str],
    ) -> None:
        super().__init__("bough:local:Platform", platform)
        self._child = pulumi.ResourceOptions(parent=self)
        network = PlatformNetwork("network", {"platform": platform}, self._child)
        engines = {
            role: self._declare_engine(platform, role, images[role], ports[role], network)
            for role in images
        }
        VaultSetup(
            "vault-setup",
            {"platform": platform, "rules": operator_rules_mark(), "plugins": dict(plugins)},
            pulumi.ResourceOptions(parent=self, depends_on=[engines["vault"]]),
        )
        PostgresSetup(
            "postgres-setup",
            {"platform": platform, "ledger": ledger_database.mark()},
            pulumi.ResourceOptions(parent=self, depends_on=[engines["postgres"]]),
        )
        self.register_outputs({})

    def _declare_engine(
        self, platform: str, role: str, image: str, port: int, network: PlatformNetwork
    ) -> Engine:
        props: dict[str, Any] = {
            "platform": platform,
            "role": role,
            "image": image,
            "port": port,
            "subnet": network.subnet,
            "settings": settings_mark(role),
        }
        return Engine(role, props, self._child)
