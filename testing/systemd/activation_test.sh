#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# systemd holds the guest's listener, and starts the daemon for the first client.
# shellcheck source-path=SCRIPTDIR source=machine.sh
source testing/systemd/machine.sh

machine_start
for daemon in guest host; do
  machine_program "testing/systemd/${daemon}_static/vios-proxy-$daemon"
done
machine mkdir -p /run/ports /run/hosts/g1

machine_file /run/systemd/system/guest.service <<'UNIT'
[Service]
Type=notify
ExecStart=/usr/local/bin/vios-proxy-guest /run/ports --rescan_interval=200ms
UNIT
socket_unit() { # LINE...
  machine_file /run/systemd/system/guest.socket < <(printf '%s\n' '[Socket]' "$@")
  machine systemctl daemon-reload
}

# The other end: a channel, the host daemon and a service that echoes.
# The channel is plugged in again whenever one of its ends is gone.
machine_file /run/channel <<'SCRIPT'
while true; do
  rm -f /run/ports/qpid.0 /run/hosts/g1/0
  socat UNIX-LISTEN:/run/ports/qpid.0 UNIX-LISTEN:/run/hosts/g1/0
done
SCRIPT
machine systemd-run --quiet --unit=channel bash /run/channel
machine systemd-run --quiet --unit=echo socat UNIX-LISTEN:/run/echo.sock,fork EXEC:cat
machine systemd-run --quiet --unit=host /usr/local/bin/vios-proxy-host /run/hosts \
  --service_address=unix:/run/echo.sock --rescan_interval=200ms

is() { # UNIT PROPERTY VALUE
  [[ $(property "$1" "$2") == "$3" ]]
}
echoes() { # ADDRESS
  [[ $(machine timeout 30 socat -t 20 - "$1" <<<hello) == hello ]]
}
journal_has() {
  machine journalctl --no-pager -u guest | grep -F "$1"
}

socket_unit ListenStream=127.0.0.1:5672
expect 'systemd listens' machine systemctl start guest.socket
expect 'nothing runs yet' is guest ActiveState inactive
expect 'the first client is served' echoes TCP:127.0.0.1:5672
expect 'the daemon runs now' is guest ActiveState active
await 'it says where its listener is from' journal_has 'listens on 127.0.0.1:5672 (opened by systemd)'
expect 'so is the next client' echoes TCP:127.0.0.1:5672
first=$(property guest MainPID)
machine systemctl stop guest.service
expect 'a client that comes while it is away is served, too' echoes TCP:127.0.0.1:5672
[[ $(property guest MainPID) != "$first" ]] || die 'the daemon is another one'
machine systemctl stop guest.socket guest.service

socket_unit ListenStream=/run/clients.sock
machine systemctl start guest.socket
expect 'a unix socket will do' echoes UNIX:/run/clients.sock
machine systemctl stop guest.service
expect 'its file stays, for it is systemd'"'"'s' machine test -S /run/clients.sock
machine systemctl stop guest.socket

socket_unit ListenStream=127.0.0.1:5672 ListenStream=127.0.0.1:5673
machine systemctl start guest.socket
if machine systemctl start guest.service 2>/dev/null; then die 'two sockets are one too many'; fi
await 'two sockets are refused in one line' \
  journal_has 'FATAL Socket activation: LISTEN_FDS=2; wanted is one listening stream socket'
machine systemctl stop guest.socket
machine systemctl reset-failed
socket_unit ListenDatagram=127.0.0.1:5672
machine systemctl start guest.socket
if machine systemctl start guest.service 2>/dev/null; then die 'a datagram socket is none'; fi
await 'a datagram socket is refused' journal_has 'the socket is neither a TCP nor a unix stream socket'
echo PASSED
