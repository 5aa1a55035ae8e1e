"""What may be done, written down twice: every right that is given here is one somebody needs."""

import re
from collections.abc import Iterable

import bough_policies
import pytest
from bough_policies.consul import Rules, service_rules
from jinja2 import UndefinedError

Rights = dict[str, set[str]]

# what none of bough's own credentials may ever read: secrets, accounts, logins
FORBIDDEN = [
    "env/main/need/db/creds/web",
    "auth/env/main/login",
    "sys/raw/x",
    "auth/token/create",
    "sys/policies/acl/root",
    "sys/policies/acl/operator",
    "sys/mounts/operator",
    "sys/auth/operator",
    "auth/operator/role/bough",
    "sys/mounts/transit",
    "transit/keys/bough/config",
    "transit/export/signing-key/bough",
    "transit/backup/bough",
    "transit/sign/other",
]


def rights(policy: str) -> Rights:
    """Path to capabilities, of a policy in HCL."""
    found = re.findall(r'path "([^"]+)" \{\s*capabilities\s*= \[([^]]*)\]', policy)
    assert len(found) == len(re.findall(r"^path ", policy, re.MULTILINE))
    return {path: set(re.findall(r'"(\w+)"', words)) for path, words in found}


def covers(pattern: str, path: str) -> bool:
    """Vault's way to match: '+' is one segment, a last '*' is any end."""
    regex = re.escape(pattern).replace(r"\+", "[^/]+")
    return re.fullmatch(re.sub(r"\\\*$", ".*", regex), path) is not None


def service(needs: tuple[str, ...] = ("db",), secrets: tuple[str, ...] = ("smtp",)) -> str:
    names = {"slug": "main", "service": "web", "needs": needs, "secrets": secrets}
    return bough_policies.render("service.hcl.j2", **names)


def test_what_a_service_may_do_and_no_more() -> None:
    assert rights(service(needs=("db", "cache"))) == {
        "auth/token/lookup-self": {"read"},
        "auth/token/renew-self": {"update"},
        "auth/token/revoke-self": {"update"},
        "sys/leases/renew": {"update"},
        "env/main/kv/data/instances/web/+": {"read"},
        "env/main/kv/data/secrets/smtp": {"read"},
        "env/main/need/db/creds/web": {"read"},
        "env/main/need/cache/creds/web": {"read"},
    }


@pytest.mark.parametrize(
    "path",
    [
        "env/other/kv/data/secrets/smtp",
        "env/main-2/kv/data/secrets/smtp",
        "env/main/kv/data/secrets/session-key",
        "env/main/kv/data/secrets/smtp/x",
        "env/main/kv/data/instances/worker/worker-1-x",
        "env/main/need/db/creds/worker",
        "env/main/need/other/creds/web",
        "env/main/kv/metadata/secrets/x",
        "auth/env/main/role/web/secret-id",
        "env/main/need/db/config/main",
    ],
)
def test_what_a_service_may_not_even_look_at(path: str) -> None:
    assert not any(covers(pattern, path) for pattern in rights(service()))


def test_a_service_renews_leases_of_its_own_alone() -> None:
    # written once: Vault 1.21 refuses a policy with a repeated key
    (listed,) = re.findall(r'"lease_id" = \[(.*?)\]', service(needs=("db", "cache")), re.DOTALL)
    assert re.findall(r'"(.*)"', listed) == [
        "env/main/need/db/creds/web/*",
        "env/main/need/cache/creds/web/*",
    ]


def test_a_service_without_needs() -> None:
    policy = service(needs=())
    assert "need" not in policy
    assert "lease_id" not in policy


def test_the_operator_s_rights() -> None:
    assert rights(bough_policies.render("operator.hcl")) == {
        "sys/mounts": {"read"},
        "sys/mounts/env/*": {"create", "read", "update", "delete", "sudo"},
        "sys/mounts/app/+/kv": {"create", "update"},
        "sys/mounts/app/+/notices": {"create", "update"},
        "sys/auth": {"read"},
        "sys/auth/env/*": {"create", "read", "update", "delete", "sudo"},
        "sys/policies/acl": {"list"},
        "sys/policies/acl/env.*": {"create", "read", "update", "delete"},
        "sys/leases/lookup/env/*": {"list", "sudo"},
        "sys/leases/lookup/auth/env/*": {"list", "sudo"},
        "sys/leases": {"read", "sudo"},
        "sys/leases/revoke-prefix/env/*": {"update", "sudo"},
        "auth/env/+/role/+": {"create", "read", "update", "delete"},
        "auth/env/+/role/+/role-id": {"update"},
        "auth/env/+/role/+/secret-id": {"update", "list"},
        "auth/env/+/role/+/secret-id-accessor/destroy": {"update"},
        "env/+/need/+/config/+": {"create", "read", "update", "delete"},
        "env/+/need/+/rotate-root/+": {"update"},
        "env/+/need/+/roles": {"list"},
        "env/+/need/+/roles/+": {"create", "read", "update", "delete"},
        "env/+/kv/data/instances/+/+": {"create", "update"},
        "env/+/kv/metadata/instances/+/+": {"read", "delete"},
        "env/+/kv/metadata/secrets": {"list"},
        "env/+/kv/metadata/secrets/+": {"read", "delete"},
        "env/+/kv/data/secrets/+": {"create", "update"},
        "app/+/kv/metadata/secrets": {"list"},
        "app/+/kv/metadata/secrets/+": {"read", "delete"},
        "app/+/kv/data/secrets/+": {"create", "read", "update"},
        "app/+/notices/metadata/secrets": {"list"},
        "app/+/notices/metadata/secrets/+": {"read", "delete"},
        "app/+/notices/data/secrets/+": {"create", "read", "update"},
        "auth/operator/role/copier/secret-id": {"update"},
        "transit/sign/bough": {"update"},
        "transit/keys/bough": {"read"},
        "transit/keys/bough/rotate": {"update"},
    }


def test_the_operator_writes_an_environment_s_secrets_and_never_reads_one() -> None:
    given = rights(bough_policies.render("operator.hcl"))
    matching = [words for path, words in given.items() if covers(path, "env/a/kv/data/secrets/x")]
    assert matching == [{"create", "update"}]


def test_the_copier_reads_secrets_and_nothing_else() -> None:
    given = rights(bough_policies.render("copier.hcl"))
    assert given == {"env/+/kv/data/secrets/+": {"read"}}


@pytest.mark.parametrize("path", FORBIDDEN)
def test_what_the_operator_may_not_even_look_at(path: str) -> None:
    given = rights(bough_policies.render("operator.hcl"))
    assert [pattern for pattern in given if covers(pattern, path)] == []


def test_the_operator_mints_credentials_only_wrapped() -> None:
    policy = bough_policies.render("operator.hcl")
    (block,) = re.findall(r'path "auth/env/[^"]*/secret-id" \{(.*?)\n\}', policy, re.DOTALL)
    assert 'min_wrapping_ttl = "1s"' in block
    assert 'max_wrapping_ttl = "120s"' in block


@pytest.mark.parametrize("missing", ["slug", "service", "needs", "secrets"])
def test_a_name_without_a_value_is_an_error(missing: str) -> None:
    values = {"slug": "main", "service": "web", "needs": ["db"], "secrets": []}
    del values[missing]
    with pytest.raises(UndefinedError, match=missing):
        bough_policies.render("service.hcl.j2", **values)


def rules(services: Iterable[str]) -> Rules:
    return service_rules("main", "web", services, application="notes", stage="preview")


def test_consul_s_rules_are_exact() -> None:
    assert rules(["mail", "web", "worker"]) == {
        "service": {
            "main--web": {"policy": "read"},
            "main--mail": {"policy": "read"},
            "main--worker": {"policy": "read"},
        },
        "node_prefix": {"": {"policy": "read"}},
        "key_prefix": {
            "app/notes/config/": {"policy": "read"},
            "app/notes/stage/preview/config/": {"policy": "read"},
            "env/main/": {"policy": "read"},
        },
    }


def test_consul_s_rules_name_whole_services_and_no_prefixes() -> None:
    made = rules(["web"])
    assert "service_prefix" not in made
    assert set(made["service"]) == {"main--web"}


def test_consul_s_rules_keep_names_apart_that_begin_alike() -> None:
    assert all(prefix.endswith("/") for prefix in rules(["web"])["key_prefix"])


def test_consul_s_rules_allow_no_write() -> None:
    made = rules(["web", "worker"])
    given = {rule["policy"] for named in made.values() for rule in named.values()}
    assert given == {"read"}
