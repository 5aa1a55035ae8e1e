"""Every name and label that bough gives to anything, in one place.

A slug holds no '.', '_' or '--', so these delimiters keep `feat-a` apart from `feat-ab` everywhere.
"""

from hashlib import sha256

_SCRATCH = "internal-"

PROJECT = "bough"
PLATFORM_STACK = "platform"

ENGINES = ("registry", "postgres", "vault", "consul", "edge")
"""What every platform is made of, in the order in which it is spoken of."""

OPTIONAL_ENGINES = ("rabbitmq", "mariadb")
"""What a platform has besides, once an application asked for it; named like its kind of need."""

LEDGER = "bough-ledger"
"""The ledger's database, and the role that may add to it."""

SIGNING_KEY = "bough"
"""The platform's signing key, in Vault's transit engine at `transit`."""

LABEL_PLATFORM = "bough.platform"
LABEL_ENVIRONMENT = "bough.environment"
LABEL_ROLE = "bough.role"
LABEL_SERVICE = "bough.service"
LABEL_INSTANCE = "bough.instance"
LABEL_INPUTS = "bough.inputs"


def platform_labels(platform: str, role: str) -> dict[str, str]:
    """Labels of what one platform shares: containers, networks and volumes."""
    return {LABEL_PLATFORM: platform, LABEL_ROLE: role}


def environment_labels(platform: str, slug: str, role: str) -> dict[str, str]:
    """Labels of what belongs to one environment."""
    return {**platform_labels(platform, role), LABEL_ENVIRONMENT: slug}


def platform_network(platform: str) -> str:
    """The network that platform containers share.

    Docker publishes a container's ports on the network whose name sorts first, so this name must
    sort before every environment's: `.core` before `.env`.
    """
    return f"{platform}.core"


def platform_container(platform: str, role: str) -> str:
    return f"{platform}.{role}"


def platform_volume(platform: str, role: str, purpose: str) -> str:
    return f"{platform}.{role}.{purpose}"


def environment_network(platform: str, slug: str) -> str:
    return f"{platform}.env.{slug}"


def scratch_slug(purpose: str) -> str:
    """An environment of a moment; the same purpose, the same slug, which no branch can have."""
    return f"{_SCRATCH}{sha256(purpose.encode()).hexdigest()[:12]}"


def is_scratch(slug: str) -> bool:
    """Whether an environment may be gone in a moment."""
    return slug.startswith(_SCRATCH)


def instance_container(platform: str, slug: str, instance: str) -> str:
    return f"{platform}.{slug}.{instance}"


def replica_prefix(service: str, replica: int) -> str:
    """What the name of every instance of a replica begins with."""
    return f"{service}-{replica}-"


def database(slug: str, need: str) -> str:
    """A database and the role or account without a login that owns what is in it; at most 53
    bytes."""
    return f"env-{slug}.{need}"


def vhost(slug: str, need: str) -> str:
    """A virtual host of RabbitMQ."""
    return f"env-{slug}.{need}"


def need_admin(slug: str, need: str) -> str:
    """The account with which Vault makes the dynamic accounts of one database or virtual host."""
    return f"env-{slug}.{need}.vault"


def account_template(slug: str) -> str:
    """Vault's user-name template for the accounts of a service (its role's name); at most 62 of
    PostgreSQL's 63 bytes, of 128 characters in MariaDB."""
    return f"env-{slug}.{{{{.RoleName}}}}.{{{{random 8 | lowercase}}}}"


def golden_database(key: str) -> str:
    return f"golden-{key[:16]}"


def need_prefix(slug: str) -> str:
    """What the name of each database, virtual host and account of an environment begins with."""
    return f"env-{slug}."


def vault_prefix(slug: str) -> str:
    """What the path of each secrets mount of an environment begins with."""
    return f"env/{slug}/"


def slug_of_lease(id: str) -> str | None:
    """The environment whose need a lease of Vault's is for; None for any other lease."""
    kind, slug, *_ = [*id.split("/"), ""]
    return slug if kind == "env" and slug else None


def vault_kv(slug: str) -> str:
    return f"env/{slug}/kv"


def vault_need(slug: str, need: str) -> str:
    return f"env/{slug}/need/{need}"


def vault_auth(slug: str) -> str:
    return f"env/{slug}"


def vault_policy_prefix(slug: str) -> str:
    return f"env.{slug}."


def vault_policy(slug: str, service: str) -> str:
    return f"{vault_policy_prefix(slug)}{service}"


def vault_role_id(slug: str, service: str) -> str:
    return f"{slug}.{service}"


def instance_secret(service: str, instance: str) -> str:
    """Path, inside the environment's KV mount, of what one instance alone needs."""
    return f"instances/{service}/{instance}"


def static_secret(name: str) -> str:
    """Path of a static secret, inside the KV mount of an environment or of a template set."""
    return f"secrets/{name}"


def vault_templates(application: str) -> str:
    """The KV mount of an application's template set: what new environments start from."""
    return f"app/{application}/kv"


def vault_notices(application: str) -> str:
    """The KV mount of what an application's notices are sent with; no environment's instance can
    read it, and no environment starts from it."""
    return f"app/{application}/notices"


def consul_policy_prefix(slug: str) -> str:
    return f"env_{slug}_"


def consul_policy(slug: str, service: str) -> str:
    return f"{consul_policy_prefix(slug)}{service}"


def consul_prefix(slug: str) -> str:
    return f"env/{slug}/"


def consul_about(slug: str) -> str:
    """Which application and which stage an environment is of."""
    return f"{consul_prefix(slug)}about"


def consul_application_config(application: str) -> str:
    """Below this are settings of all environments of an application; the weakest."""
    return f"app/{application}/config/"


def consul_stage_config(application: str, stage: str) -> str:
    """Below this are settings of an application's environments of one stage."""
    return f"app/{application}/stage/{stage}/config/"


def consul_config(slug: str) -> str:
    """Below this are an environment's settings from bough.yaml."""
    return f"{consul_prefix(slug)}config/"


def consul_overrides(slug: str) -> str:
    """Below this are an environment's settings that were made by hand; the strongest."""
    return f"{consul_prefix(slug)}overrides/"


def consul_rotation(slug: str) -> str:
    """The key whose change tells an environment's instances to fetch new credentials."""
    return f"{consul_prefix(slug)}rotation"


def consul_service_prefix(slug: str) -> str:
    return f"{slug}--"


def consul_service(slug: str, service: str) -> str:
    return f"{consul_service_prefix(slug)}{service}"


def consul_token_description(slug: str, instance: str) -> str:
    return f"env_{slug} {instance}"


def host(slug: str) -> str:
    """The host name under which the edge serves an environment."""
    return f"{slug}.localhost"
