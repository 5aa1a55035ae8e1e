# What `bough` itself may do in Vault: make and remove environments. It can mint credentials for
# instances only wrapped; it can read neither an environment's secret nor a database account, only
# the templates that new environments start from, and what notices of deployments are sent with. It
# signs with a key that it can neither read nor change, only follow by a new version.

path "sys/mounts" { capabilities = ["read"] }
path "sys/mounts/env/*" { capabilities = ["create", "read", "update", "delete", "sudo"] }
path "sys/mounts/app/+/kv" { capabilities = ["create", "update"] }
path "sys/mounts/app/+/notices" { capabilities = ["create", "update"] }
path "sys/auth" { capabilities = ["read"] }
path "sys/auth/env/*" { capabilities = ["create", "read", "update", "delete", "sudo"] }
path "sys/policies/acl" { capabilities = ["list"] }
path "sys/policies/acl/env.*" { capabilities = ["create", "read", "update", "delete"] }

path "sys/leases/lookup/env/*" { capabilities = ["list", "sudo"] }
path "sys/leases/lookup/auth/env/*" { capabilities = ["list", "sudo"] }
path "sys/leases" { capabilities = ["read", "sudo"] }
path "sys/leases/revoke-prefix/env/*" { capabilities = ["update", "sudo"] }

path "auth/env/+/role/+" { capabilities = ["create", "read", "update", "delete"] }
path "auth/env/+/role/+/role-id" { capabilities = ["update"] }
path "auth/env/+/role/+/secret-id" {
  capabilities     = ["update", "list"]
  min_wrapping_ttl = "1s"
  max_wrapping_ttl = "120s"
}

path "auth/env/+/role/+/secret-id-accessor/destroy" { capabilities = ["update"] }

path "env/+/need/+/config/+" { capabilities = ["create", "read", "update", "delete"] }
path "env/+/need/+/rotate-root/+" { capabilities = ["update"] }
path "env/+/need/+/roles" { capabilities = ["list"] }
path "env/+/need/+/roles/+" { capabilities = ["create", "read", "update", "delete"] }

path "env/+/kv/data/instances/+/+" { capabilities = ["create", "update"] }
path "env/+/kv/metadata/instances/+/+" { capabilities = ["read", "delete"] }

path "env/+/kv/metadata/secrets" { capabilities = ["list"] }
path "env/+/kv/metadata/secrets/+" { capabilities = ["read", "delete"] }
path "env/+/kv/data/secrets/+" { capabilities = ["create", "update"] }
path "app/+/kv/metadata/secrets" { capabilities = ["list"] }
path "app/+/kv/metadata/secrets/+" { capabilities = ["read", "delete"] }
path "app/+/kv/data/secrets/+" { capabilities = ["create", "read", "update"] }
path "app/+/notices/metadata/secrets" { capabilities = ["list"] }
path "app/+/notices/metadata/secrets/+" { capabilities = ["read", "delete"] }
path "app/+/notices/data/secrets/+" { capabilities = ["create", "read", "update"] }
path "auth/operator/role/copier/secret-id" { capabilities = ["update"] }

path "transit/sign/bough" { capabilities = ["update"] }
path "transit/keys/bough" { capabilities = ["read"] }
path "transit/keys/bough/rotate" { capabilities = ["update"] }
