#!/bin/sh
# Becomes the Vault server, beside a small loop that unseals it whenever it is sealed, and keeps its
# audit logs short. The server is this very process ($$); the loop ends with the container.
set -eu
key=/run/keys/vault-unseal
status_url=http://127.0.0.1:8200/v1/sys/seal-status
export VAULT_ADDR=http://127.0.0.1:8200

unseal() {
    # Through standard input: a command line or an environment could be read by others.
    tr -d ' \n' <"$key" | vault write sys/unseal key=- >/dev/null || echo 'vault.sh: not unsealed' >&2
}

# Vault only adds to its audit logs; on SIGHUP it opens them anew. At most 5 of 16 MiB are kept.
keep_audits_short() {
    for log in $(find /vault/audit*/audit.log -size +16384k 2>/dev/null); do
        for age in 3 2 1; do
            if [ -e "$log.$age" ]; then mv -f "$log.$age" "$log.$((age + 1))"; fi
        done
        mv -f "$log" "$log.1" && kill -HUP $$
    done
}

keep_unsealed() {
    while :; do
        # Debian's busybox crashes on wget's own -T.
        status=$(timeout 5 busybox wget -qO- "$status_url" 2>/dev/null || true)
        pause=0.2
        case $status in
        *'"initialized":true'*'"sealed":true'*)
            if [ -r "$key" ]; then unseal; fi
            pause=1
            ;;
        *'"initialized":'*) pause=2 ;;
        esac
        keep_audits_short
        sleep "$pause"
    done
}

keep_unsealed &
exec vault server -config=/etc/bough/vault.hcl
