#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: root.sh [PACKAGE...]
# Prints the path of a Debian tree with systemd and the packages named, for
# machine.sh to boot. Made at the first call (some minutes, from Debian's mirror,
# as root) and kept below VIOS_SYSTEMD_CACHE; nobody may write to it.
set -euo pipefail
export PATH=/usr/local/sbin:/usr/sbin:/sbin:$PATH LC_ALL=C

cache=${VIOS_SYSTEMD_CACHE:-/var/tmp/vios-systemd}
suite=bookworm
mirror=http://deb.debian.org/debian
packages=(systemd-sysv dbus socat "$@")

list=$(IFS=,; echo "${packages[*]}")
tree=$cache/$suite-$(sha256sum <<<"$list" | cut -c1-12)

make_tree() {
  local made=$tree.new
  rm -rf "$made"
  if ! debootstrap --variant=minbase --include="$list" "$suite" "$made" "$mirror" >"$tree.log" 2>&1; then
    tail -n 5 "$tree.log" >&2
    echo "root.sh: debootstrap failed, see $tree.log" >&2
    return 1
  fi
  rm -rf "$made"/var/cache/apt/archives/*.deb
  mv "$made" "$tree"
}

mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9 # Another one may be making it.
[[ -d $tree ]] || make_tree
echo "$tree"
