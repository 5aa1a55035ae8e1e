"""Names are a promise like slugs: what exists is found by them, also by tomorrow's bough."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bough.branch import MAX_LENGTH, slug
from bough.gitref import why_refused
from bough_components import names

SLUG, SERVICE, NEED = "s" * 32, "w" * 16, "n" * 16
INSTANCE = f"{SERVICE}-10-012345"
RANDOM = 8

SLUGS = st.one_of(
    st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,5}){0,3}", fullmatch=True).map(slug),
    st.text(max_size=40).filter(lambda ref: why_refused(ref) is None).map(slug),
    st.sampled_from(["env", "need", "kv", "main", "main-2", "m", "ma", "core", "feat-a", "feat"]),
)
SMALL = st.sampled_from(["a", "a-b", "web", "web-2", "vault", "need", "kv", NEED])

# Never change a line: environments that exist are found by these names.
GIVEN = [
    (names.platform_network("bough"), "bough.core"),
    (names.platform_container("bough", "edge"), "bough.edge"),
    (names.platform_volume("bough", "vault", "data"), "bough.vault.data"),
    (names.environment_network("bough", "main"), "bough.env.main"),
    (names.instance_container("bough", "main", "web-1-4fz0a1"), "bough.main.web-1-4fz0a1"),
    (names.database("main", "db"), "env-main.db"),
    (names.need_admin("main", "db"), "env-main.db.vault"),
    (names.vhost("main", "jobs"), "env-main.jobs"),
    (names.account_template("main"), "env-main.{{.RoleName}}.{{random 8 | lowercase}}"),
    (names.golden_database("0123456789abcdef" * 4), "golden-0123456789abcdef"),
    (names.vault_kv("main"), "env/main/kv"),
    (names.vault_need("main", "db"), "env/main/need/db"),
    (names.vault_auth("main"), "env/main"),
    (names.vault_policy("main", "web"), "env.main.web"),
    (names.vault_role_id("main", "web"), "main.web"),
    (names.instance_secret("web", "web-1-4fz0a1"), "instances/web/web-1-4fz0a1"),
    (names.consul_policy("main", "web"), "env_main_web"),
    (names.consul_prefix("main"), "env/main/"),
    (names.consul_about("main"), "env/main/about"),
    (names.consul_application_config("notes"), "app/notes/config/"),
    (names.consul_stage_config("notes", "preview"), "app/notes/stage/preview/config/"),
    (names.consul_config("main"), "env/main/config/"),
    (names.consul_overrides("main"), "env/main/overrides/"),
    (names.consul_service("main", "web"), "main--web"),
    (names.consul_token_description("main", "web-1-4fz0a1"), "env_main web-1-4fz0a1"),
    (names.host("main"), "main.localhost"),
]


@pytest.mark.parametrize(
    ("lease", "slug"),
    [
        ("env/main/need/db/creds/web/abc", "main"),
        ("auth/env/main/login/abc", None),
        ("env/", None),
        ("", None),
    ],
)
def test_whose_a_lease_is(lease: str, slug: str | None) -> None:
    assert names.slug_of_lease(lease) == slug


@pytest.mark.parametrize(("made", "expected"), GIVEN)
def test_names_are_stable_for_ever(made: str, expected: str) -> None:
    assert made == expected


def test_an_environment_of_a_moment_has_the_same_name_for_the_same_purpose() -> None:
    made = names.scratch_slug("notes-production/db")
    assert made == names.scratch_slug("notes-production/db") != names.scratch_slug("notes-test/db")
    assert names.is_scratch(made)
    assert slug(made) != made, "no branch can have it"
    assert len(made) <= MAX_LENGTH


def test_labels() -> None:
    assert names.environment_labels("bough", "main", "instance") == {
        "bough.platform": "bough",
        "bough.environment": "main",
        "bough.role": "instance",
    }
    assert names.platform_labels("bough", "edge") == {
        "bough.platform": "bough",
        "bough.role": "edge",
    }


# the longest that each can get, in the system that cuts or refuses at 63 bytes
LONGEST = [
    names.database(SLUG, NEED),
    names.need_admin(SLUG, NEED),
    names.golden_database("f" * 64),
    names.host(SLUG),
    names.consul_service(SLUG, SERVICE),
    names.consul_service_prefix(SLUG) + INSTANCE,
    INSTANCE,
    f"{NEED}-migrate",
]


@pytest.mark.parametrize("name", LONGEST)
def test_the_longest_is_within_63_bytes(name: str) -> None:
    assert len(name.encode()) <= 63


def test_the_longest_account_is_within_63_bytes() -> None:
    template = names.account_template(SLUG)
    account = template.replace("{{.RoleName}}", SERVICE)
    account = account.replace("{{random 8 | lowercase}}", "r" * RANDOM)
    assert "{" not in account
    assert len(account) == 62
    assert account.startswith(names.need_prefix(SLUG))


@given(SLUGS)
def test_docker_publishes_ports_on_the_platform_s_network(name: str) -> None:
    assert names.platform_network("bough") < names.environment_network("bough", name)


# For each engine: by which prefix an environment's things are found, and what it has there.
Found = tuple[Callable[[str], str], Callable[[str, str], list[str]]]
PREFIXES: dict[str, Found] = {
    "postgres": (
        names.need_prefix,
        lambda slug, small: [
            names.database(slug, small),
            names.need_admin(slug, small),
            f"env-{slug}.{small}.abcdefgh",
        ],
    ),
    "vault mounts": (
        names.vault_prefix,
        lambda slug, small: [
            names.vault_kv(slug),
            names.vault_need(slug, small),
            f"{names.vault_auth(slug)}/",
        ],
    ),
    "vault policies": (
        names.vault_policy_prefix,
        lambda slug, small: [names.vault_policy(slug, small)],
    ),
    "consul policies": (
        names.consul_policy_prefix,
        lambda slug, small: [names.consul_policy(slug, small)],
    ),
    "consul keys": (
        names.consul_prefix,
        lambda slug, small: [
            f"{names.consul_prefix(slug)}services/{small}",
            names.consul_about(slug),
            f"{names.consul_config(slug)}{small}",
            f"{names.consul_overrides(slug)}{small}",
        ],
    ),
    "consul services": (
        names.consul_service_prefix,
        lambda slug, small: [
            names.consul_service(slug, small),
            f"{names.consul_service_prefix(slug)}{small}-1-abcdef",
        ],
    ),
    "consul tokens": (
        lambda slug: names.consul_token_description(slug, ""),
        lambda slug, small: [names.consul_token_description(slug, f"{small}-1-abcdef")],
    ),
}


@pytest.mark.parametrize("kind", PREFIXES)
@given(one=SLUGS, other=SLUGS, small=SMALL)
def test_a_prefix_finds_all_of_one_environment_and_nothing_of_another(
    kind: str, one: str, other: str, small: str
) -> None:
    prefix, things = PREFIXES[kind]
    for thing in things(one, small):
        assert thing.startswith(prefix(one))
        assert thing.startswith(prefix(other)) == (one == other)


@given(one=SLUGS, other=SLUGS, small=SMALL, instance=SMALL)
def test_whole_names_never_meet(one: str, other: str, small: str, instance: str) -> None:
    made = [
        {
            ("network", names.environment_network("bough", slug)),
            ("container", names.instance_container("bough", slug, instance)),
            ("role", names.vault_role_id(slug, small)),
            ("host", names.host(slug)),
        }
        for slug in (one, other)
    ]
    assert one == other or not made[0] & made[1]


@given(SLUGS, SMALL)
def test_golden_templates_and_the_platform_s_own_are_nobody_s(name: str, small: str) -> None:
    own = [names.golden_database("0" * 64), "golden", "postgres", "template1", "bough"]
    assert not any(each.startswith(names.need_prefix(name)) for each in own)
    for role in ("registry", "postgres", "vault", "consul", "edge"):
        assert names.platform_container("bough", role) != names.instance_container(
            "bough", name, small
        )


@given(SLUGS, SMALL)
def test_docker_accepts_the_names(name: str, small: str) -> None:
    # https://github.com/moby/moby/blob/master/daemon/names/names.go
    accepted = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")
    assert accepted.fullmatch(names.instance_container("bough", name, small))
    assert accepted.fullmatch(names.environment_network("bough", name))
    assert accepted.fullmatch(names.platform_volume("bough", "vault", "data"))
