#!/bin/sh
# Makes the system tables on the first start, then becomes the server.
set -eu
umask 077
settings=/etc/bough/mariadb.cnf
data=/var/lib/mysql/10.11
mkdir -p /var/lib/mysql/tmp

# One account for bough, and none that is known by the system's user. What is left is locked: the
# server's own views run as it.
first_accounts() {
    printf 'FLUSH PRIVILEGES;\n'
    printf "DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys';\n"
    printf 'DELETE FROM mysql.proxies_priv;\n'
    printf 'FLUSH PRIVILEGES;\n'
    printf "CREATE USER bough@'%%' IDENTIFIED BY '%s';\n" "$(cat /run/keys/mariadb)"
    printf "GRANT ALL PRIVILEGES ON *.* TO bough@'%%' WITH GRANT OPTION;\n"
}

make_tables() {
    # Under another name until it is complete: a killed start leaves nothing that looks whole.
    rm -rf "$data.partial"
    mariadb-install-db --defaults-file=$settings --datadir="$data.partial" \
        --auth-root-authentication-method=normal --skip-test-db --skip-log-bin >/dev/null
    # Through standard input: a command line could be read by others.
    first_accounts | mariadbd --defaults-file=$settings --datadir="$data.partial" --bootstrap
    mv "$data.partial" "$data"
    sync "$data/.."
}

[ -d "$data" ] || make_tables
exec mariadbd --defaults-file=$settings
