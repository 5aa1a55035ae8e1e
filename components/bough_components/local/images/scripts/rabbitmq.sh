#!/bin/sh
# Becomes the RabbitMQ server, which has the same name and home in every container.
set -eu
umask 077
export HOME=/var/lib/rabbitmq
export RABBITMQ_NODENAME=rabbit@localhost
export RABBITMQ_MNESIA_BASE=/var/lib/rabbitmq/mnesia
export RABBITMQ_CONFIG_FILE=/etc/bough/rabbitmq.conf
export RABBITMQ_CONFIG_FILES='/run/keys/*.conf'
export RABBITMQ_ENABLED_PLUGINS_FILE=/etc/bough/enabled_plugins
export RABBITMQ_LOGS=-
export RABBITMQ_LOG_BASE=/tmp/rabbitmq
export ERL_CRASH_DUMP=/dev/null
# It is a cluster of one: what Erlang offers to other nodes stays inside the container.
export ERL_EPMD_ADDRESS=127.0.0.1
loopback='-kernel inet_dist_use_interface {127,0,0,1}'
export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="$loopback +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"
# Erlang makes tables as large as the number of files that it may open.
ulimit -n 8192
exec rabbitmq-server
