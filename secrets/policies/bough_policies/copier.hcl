# What `bough secrets copy` may do, for one copy: read a secret of an environment. Its login is
# minted for each copy, lives a minute, and stands in the audit log.

path "env/+/kv/data/secrets/+" { capabilities = ["read"] }
