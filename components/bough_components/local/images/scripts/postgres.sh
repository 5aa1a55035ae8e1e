#!/bin/sh
# Makes the database cluster on the first start, then becomes the server.
set -eu
umask 077
export PGDATA=/var/lib/postgresql/data/15

make_cluster() {
    # initdb asks for the name of its user, who may be any number here and have none.
    for wrapper in /usr/lib/*/libnss_wrapper.so; do break; done
    printf 'postgres:x:%s:%s::/:/bin/false\n' "$(id -u)" "$(id -g)" >/tmp/passwd
    printf 'postgres:x:%s:\n' "$(id -g)" >/tmp/group
    # Under another name until it is complete: a killed start leaves nothing that looks whole.
    rm -rf "$PGDATA.partial"
    LD_PRELOAD=$wrapper NSS_WRAPPER_PASSWD=/tmp/passwd NSS_WRAPPER_GROUP=/tmp/group \
        initdb --pgdata="$PGDATA.partial" --username=bough --pwfile=/run/keys/postgres \
        --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --data-checksums --no-instructions
    mv "$PGDATA.partial" "$PGDATA"
    sync "$PGDATA/.."
}

[ -s "$PGDATA/PG_VERSION" ] || make_cluster
exec postgres --config-file=/etc/bough/postgresql.conf
