"""How both engines are spoken to: plain HTTP inside the environment's network."""

from __future__ import annotations

import ssl
from typing import Any


def options(address: str) -> dict[str, Any]:
    """What a client of httpx is made with: no proxy and no .netrc comes between.

    It trusts no authority, since no address of the contract is `https`; loading all that are known
    would take as long as logging in.
    """
    nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return {"base_url": address, "trust_env": False, "verify": nobody}
