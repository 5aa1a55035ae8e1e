ui               = false
log_level        = "warn"
disable_mlock    = true
api_addr         = "http://vault.bough:8200"
cluster_addr     = "https://127.0.0.1:8201"
plugin_directory = "/opt/vault/plugins"

# Entries, not bytes: the default of 131072 lets the resident memory grow by hundreds of megabytes.
cache_size = 8192

listener "tcp" {
  address         = "0.0.0.0:8200"
  cluster_address = "127.0.0.1:8201"
  tls_disable     = true
}

storage "raft" {
  path                   = "/vault/data"
  node_id                = "bough"
  performance_multiplier = 1
}

# No gauges: counting leases and tokens now and then walks through the whole storage.
telemetry {
  disable_hostname           = true
  usage_gauge_period         = "0"
  prometheus_retention_time  = "0"
}

# Whoever reaches Vault could lock a neighbour's services out with five wrong guesses. What logs in
# here is random, and far too long to be guessed.
user_lockout "all" {
  disable_lockout = "true"
}
