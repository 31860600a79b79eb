#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The daemons as services of Type=notify: ready when they are, a status line, a
# watchdog that bites only a daemon that hangs, and an orderly end.
# shellcheck source-path=SCRIPTDIR source=machine.sh
source testing/systemd/machine.sh

machine_start
for daemon in guest host; do
  machine_program "testing/systemd/${daemon}_static/vios-proxy-$daemon"
done
machine mkdir -p /run/ports /run/hosts/g1

# The watchdog is patient, for only one that hangs is to be killed.
unit() { # NAME COMMAND
  machine_file "/run/systemd/system/$1.service" <<UNIT
[Service]
Type=notify
WatchdogSec=4s
TimeoutStartSec=30s
ExecStart=/usr/local/bin/$2
Restart=no
UNIT
}
unit host 'vios-proxy-host /run/hosts --service_address=unix:/run/service.sock --rescan_interval=200ms'
# It drains for longer than anything here waits.
unit guest 'vios-proxy-guest /run/ports 5672 --rescan_interval=200ms --drain_timeout=10m'
unit broken 'vios-proxy-guest /run/nowhere'

says() { # UNIT TEXT
  property "$1" StatusText | grep -F "$2"
}
is() { # UNIT PROPERTY VALUE
  [[ $(property "$1" "$2") == "$3" ]]
}
newer() { # UNIT TIMESTAMP
  (($(property "$1" WatchdogTimestampMonotonic) > $2))
}

for name in host guest; do
  expect "$name starts when it is ready" machine systemctl start $name
  expect "$name is active" is $name ActiveState active
  await "$name tells its status" says $name '0 channels'
  for _ in 1 2 3; do
    await "$name keeps the watchdog quiet" newer $name "$(property $name WatchdogTimestampMonotonic)"
  done
done
expect 'the journal has the line of the start, and that it is no mere information' \
  grep -q 'Z \[main\] ALERT started: vios-proxy-guest' <(machine journalctl --no-pager -u guest -p notice)
if machine journalctl --no-pager -u guest -p notice | grep 'channel appeared'; then
  die 'information is told as such'
fi

machine systemd-run --quiet --unit=channel socat UNIX-LISTEN:/run/ports/qpid.0 UNIX-LISTEN:/run/hosts/g1/0
await 'the guest tells of its channel' says guest '1 channels: 1 free'

if machine systemctl start broken 2>/dev/null; then die 'a daemon that cannot start is not started'; fi
expect 'a daemon that cannot start has failed' is broken Result exit-code

machine systemctl kill -s USR1 guest
await 'SIGUSR1 has the status in the journal' \
  eval "machine journalctl --no-pager -u guest | grep 'NOTICE status: channel=qpid.0 state=free'"

machine systemd-run --quiet --unit=service socat UNIX-LISTEN:/run/service.sock EXEC:cat
# A client that waits for ever holds up the end of the daemon.
machine systemd-run --quiet --unit=client socat -u TCP:127.0.0.1:5672,retry=100,interval=0.1 STDOUT
await 'the client is there' says guest 'busy'
machine systemctl stop --no-block guest
await 'the end is told' says guest 'draining; '
expect 'it is stopping' is guest ActiveState deactivating
machine systemctl kill -s TERM guest
await 'the second signal ends it' is guest ActiveState inactive
expect 'in good order' is guest Result success

machine systemctl kill -s STOP host
await 'a daemon that hangs is killed by the watchdog' is host Result watchdog
echo PASSED
