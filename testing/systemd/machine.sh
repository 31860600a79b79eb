# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A machine that runs a real systemd, for tests, which source this file: a
# container of its own with its own network, on a tree of root.sh of which it
# sees a copy. Needs root.
#
#   machine_start [PACKAGE...]   boots it; it is stopped when the script ends
#   machine COMMAND...           runs a command in it
#   machine_file PATH            makes a file there from stdin
#   machine_program FILE         puts a program of ours into /usr/local/bin
#   await WHAT COMMAND...        until COMMAND succeeds; fails after a minute
#   expect WHAT COMMAND...       that it succeeds now
#   property UNIT NAME           what systemd says of a unit

set -euo pipefail
export PATH=/usr/local/sbin:/usr/sbin:/sbin:$PATH LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
nspawn='' leader='' work=''
# What is said at the end must not go where await and expect send the output.
exec 3>&2

die() {
  echo "FAILED: $*" >&3
  if [[ -n $leader ]]; then
    machine journalctl --no-pager -n 60 -o short-monotonic >&3 || true
  fi
  exit 1
}

await() {
  local what=$1 end=$((SECONDS + 60))
  shift
  until "$@" >"$work/await" 2>&1; do
    ((SECONDS < end)) || die "$what: $(cat "$work/await")"
    read -rt 0.1 <> <(:) || true
  done
  echo "ok: $what"
}

expect() {
  local what=$1
  shift
  "$@" >"$work/expect" 2>&1 || die "$what: $(cat "$work/expect")"
  echo "ok: $what"
}

machine() {
  nsenter -t "$leader" --mount --uts --ipc --net --pid --root --wd -- "$@"
}

machine_file() {
  machine tee "$1" >/dev/null
}

machine_program() {
  machine install -m 0755 /dev/stdin "/usr/local/bin/$(basename "$1")" <"$1"
}

property() {
  machine systemctl show --value -p "$2" "$1"
}

# The first process of the machine is the child of nspawn in another namespace.
find_leader() {
  local child
  kill -0 "$nspawn" || die "systemd-nspawn: $(cat "$work/console")"
  for child in $(pgrep -P "$nspawn"); do
    [[ $(readlink "/proc/$child/ns/pid") != "$(readlink /proc/self/ns/pid)" ]] || continue
    leader=$child
    return
  done
  return 1
}

is_up() {
  find_leader && [[ $(machine systemctl is-system-running) =~ ^(running|degraded)$ ]]
}

machine_start() {
  local tree
  work=$(mktemp -d /tmp/vios-systemd.XXXXXX)
  trap machine_stop EXIT
  tree=$("$here/root.sh" "$@")
  systemd-nspawn --quiet --directory="$tree" --volatile=overlay --register=no --keep-unit \
    --private-network --machine="vios-$$" --kill-signal=SIGRTMIN+4 --boot \
    </dev/null >"$work/console" 2>&1 3>&- &
  nspawn=$!
  await "the machine is up" is_up
}

machine_stop() {
  local status=$? end=$((SECONDS + 20))
  if [[ -n $leader ]]; then
    kill -KILL "$leader" 2>/dev/null || true
  elif [[ -n $nspawn ]]; then
    kill "$nspawn" 2>/dev/null || true
  fi
  if [[ -n $nspawn ]]; then
    while kill -0 "$nspawn" 2>/dev/null && ((SECONDS < end)); do
      read -rt 0.1 <> <(:) || true
    done
    kill -KILL "$nspawn" 2>/dev/null || true
    wait "$nspawn" 2>/dev/null || true
  fi
  rm -rf "$work"
  exit "$status"
}
