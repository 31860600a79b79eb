# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# What the recipes share; they source it. A recipe starts services and host
# daemons, gives its guest channels, and says what the guest does. Everything is
# in `work`, and ends with the recipe.

# shellcheck source-path=SCRIPTDIR source=../common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

"$root/tools/setup"
work=$(mktemp -d /tmp/vios-recipe.XXXXXX)
pids=()                  # What was started and has to end.
qemu_channels=()         # QEMU's arguments for the channels.
channel_count=0
image=$work/guest.cpio.gz
kernel_arguments='console=ttyS0 quiet loglevel=1 panic=-1'
max_ports_per_device=15  # With more, QEMU can lose that the host is there.
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# step WHERE TEXT: one aligned line.
step() {
  printf '%s%-8s%s %s\n' "$bold" "$1" "$plain" "$2"
}

quoted() {
  sed "s/^/         ${dim}|${plain} /"
}

# The last ones first: what uses a service ends before it.
cleanup() {
  local i tries
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    kill "${pids[i]}" 2>/dev/null || continue
    for ((tries = 0; tries < 100; tries++)); do
      kill -0 "${pids[i]}" 2>/dev/null || break
      sleep 0.1
    done
    kill -9 "${pids[i]}" 2>/dev/null || true
    wait "${pids[i]}" 2>/dev/null || true
  done
  rm -rf "$work"
}

fail() {
  local log
  printf '%s%s%s\n' "$red" "recipe: $*" "$plain" >&2
  for log in "$work"/*.log; do
    [[ -s $log ]] || continue
    echo "--- ${log##*/}" >&2
    tr -d '\r' <"$log" | tail -n 40 >&2
  done
  exit 1
}

# await SECONDS WHAT COMMAND...
await() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < end)) || fail "waited in vain: $what"
    sleep 0.2
  done
}

# background NAME COMMAND...: what it says is in NAME.log.
background() {
  local name=$1
  shift
  "$@" >"$work/$name.log" 2>&1 </dev/null &
  pids+=($!)
}

# need PROGRAM...: leaves with a hint if one is not there.
need() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null ||
      fail "$program is not installed (tools/setup installs what is needed)"
  done
}

# as_user NAME COMMAND...: for servers that refuse to be root.
as_user() {
  (become "$@")
}

# The same in the place of this shell: what runs in the background is then what
# cleanup ends.
become() {
  ((EUID != 0)) || exec setpriv "--reuid=$1" "--regid=$1" --init-groups "${@:2}"
  exec "${@:2}"
}

# own_directory NAME USER: a directory that belongs to the server's user.
own_directory() {
  chmod 755 "$work"
  mkdir -p "$work/$1"
  ((EUID != 0)) || chown "$2" "$work/$1"
}

# A port that nobody uses now.
free_port() {
  perl -MIO::Socket::INET -e \
    'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")->sockport'
}

answers() {
  (: <"/dev/tcp/127.0.0.1/$1")
}

build() {
  step build 'both daemons, as static files'
  build_static "$work" //proxy:vios-proxy-{guest,host} || fail 'the build failed'
}

# channels GUEST NAME COUNT: sockets GUEST/0, GUEST/1 and so on below
# $work/guests, ports NAME.0, NAME.1 and so on in the guest.
channels() {
  local number socket
  mkdir -p "$work/guests/$1"
  for ((number = 0; number < $3; number++)); do
    ((channel_count % max_ports_per_device)) ||
      qemu_channels+=(-device "virtio-serial,id=serial$((channel_count / max_ports_per_device))")
    socket=$work/guests/$1/$number
    qemu_channels+=(
      -chardev "socket,id=c$channel_count,path=$socket,server=on,wait=off"
      -device "virtserialport,chardev=c$channel_count,name=$2.$number")
    channel_count=$((channel_count + 1))
  done
}

# host_proxy NAME FLAG...: a daemon for the guests below $work/guests.
host_proxy() {
  local name=$1
  shift
  step host "vios-proxy-host $*"
  background "host-$name" "$work/vios-proxy-host" "$@"
}

# add_programs PROGRAM...: into the guest's /bin, with their libraries.
add_programs() {
  local program library
  mkdir -p "$work/extra/bin"
  for program in "$@"; do
    cp -L "$program" "$work/extra/bin/"
    while read -r library; do
      mkdir -p "$work/extra${library%/*}"
      cp -Ln "$library" "$work/extra$library" || true
    done < <(ldd "$program" | grep -oE '/[^ ]+')
  done
}

# add_file FILE PATH: into the guest.
add_file() {
  install -D -m 600 "$1" "$work/extra/$2"
}

# What every guest can do for its recipe; its lines on the console are
# `WHAT: TEXT`.
guest_prelude() {
  cat <<'EOF_PRELUDE'
#!/bin/busybox sh
# Tries "$@" for a while.
await() {
  tries=150
  until "$@" 2>/dev/null; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.2
  done
}
say() { sed "s/^/$1: /"; }
has_port() { [ -e "/dev/virtio-ports/$1" ]; }
log_has() { grep -q "$2" "/var/log/$1.log"; }
# guest_proxy NAME FLAG...: until it listens.
guest_proxy() {
  name=$1
  shift
  echo "ran: vios-proxy-guest $*"
  vios-proxy-guest "$@" 2>"/var/log/$name.log" &
  await log_has "$name" 'ALERT started'
}
EOF_PRELUDE
}

# make_image: of a guest whose start is on stdin, with what guest_prelude has.
make_image() {
  local start=$work/start
  {
    guest_prelude
    # Without pipefail what ends in `say` would never fail.
    printf '%s\n' '(' 'set -eo pipefail'
    cat
    # shellcheck disable=SC2016  # For the guest.
    printf '%s\n' ')' 'echo "recipe: status $?"'
  } >"$start"
  "$root/tools/guest-image" "$image" --start "$start" "$work/vios-proxy-guest" ||
    fail 'no image for the guest'
  [[ -d $work/extra ]] || return 0
  (cd "$work/extra" && find . | cpio --quiet -o -H newc -R 0:0 | gzip -1) >>"$image"
}

boot() {
  timeout --foreground "$1" qemu-system-x86_64 -accel tcg -cpu max -m 512 -nodefaults -display none \
    -no-reboot -kernel "$("$root/tools/guest-image" --kernel)" -initrd "$image" \
    -append "$kernel_arguments" -serial "file:$work/console.log" \
    "${qemu_channels[@]}" >"$work/qemu.log" 2>&1 </dev/null || fail "QEMU's status is $?"
}

# Shows what the guest said; fails if its start did.
show_guest() {
  tr -d '\r' <"$work/console.log" | grep -v '^recipe: \|reboot: Power down' | quoted
  grep -q '^recipe: status 0' "$work/console.log" || fail 'the guest did not succeed'
}

# run_guest [SECONDS]: makes and boots it, until it powers off; it has to end
# with status 0.
run_guest() {
  make_image
  step guest "boots, with $channel_count channels and no network"
  boot "${1:-180}"
  show_guest
}

# What the host daemons say of the sessions; of many, the last ones.
show_sessions() {
  local count
  cat "$work"/host-*.log | grep 'session ended' >"$work/sessions" || fail 'no session'
  count=$(wc -l <"$work/sessions")
  step host "$count sessions in the log of vios-proxy-host; the last ones:"
  tail -n 3 "$work/sessions" | quoted
}

done_well() {
  printf '%s%s%s\n' "$green" "$*" "$plain"
}
