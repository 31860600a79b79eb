# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2054
# What the scripts in tools/ share; they source it. Sets `root`, the colours
# (empty when stdout is no terminal) and `bazel_quiet`.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

bold='' dim='' red='' green='' plain=''
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
fi

# Errors and results, no running commentary.
bazel_quiet=(--noshow_progress --noshow_loading_progress --show_result=0
  --color=no --curses=no --ui_event_filters=-info,-debug,-start,-finish)

# Prints the seconds since $1, a value of $EPOCHREALTIME.
seconds_since() {
  local us=$((${EPOCHREALTIME/[.,]/} - ${1/[.,]/}))
  printf '%d.%d s' $((us / 1000000)) $((us / 100000 % 10))
}

# What is shipped.
programs=(//proxy:vios-proxy-guest //proxy:vios-proxy-host //proxy:vios-proxy-ctl)

# No dynamic loader, no shared libraries.
is_static() {
  local headers
  headers=$(readelf -ldW "$1") || return
  ! grep -E 'INTERP|NEEDED' <<<"$headers"
}

# run_built MODE TARGET [ARG...]: builds a program in mode fastbuild or opt, and
# becomes it, in the directory below which it finds what it needs. Not by way of
# the link bazel-bin, which any other build turns to what that one makes.
run_built() {
  local bin workspace mode=$1 target=$2
  shift 2
  cd "$root" || exit
  bazel build -c "$mode" "${bazel_quiet[@]}" "$target" </dev/null || exit
  bin=$(bazel info -c "$mode" bazel-bin 2>/dev/null) || exit
  workspace=$(sed -n 's/^workspace(name = "\(.*\)")/\1/p' WORKSPACE)
  target=${target#//}
  target=${target/://}
  cd "$bin/$target.runfiles/$workspace" || exit
  exec "$target" "$@"
}

# build_static DIRECTORY [PROGRAM...]: these of the programs, or all, each one
# static file. VIOS_BAZEL_OPTIONS are more options for Bazel.
build_static() {
  local options program directory=$1 wanted=("${@:2}")
  ((${#wanted[@]})) || wanted=("${programs[@]}")
  read -ra options <<<"${VIOS_BAZEL_OPTIONS:-}"
  options+=(--config=static -c opt)
  (
    cd "$root" || exit
    bazel build "${bazel_quiet[@]}" "${options[@]}" "${wanted[@]}" </dev/null || exit
    for program in "${wanted[@]#//}"; do
      install -D -m 755 -t "$directory" "$(bazel info "${options[@]}" bazel-bin 2>/dev/null)/${program/://}"
      is_static "$directory/${program#*:}" || { echo "not static: $program" >&2 && exit 1; }
    done
  )
}

release_version() {
  sed -n 's/.*kVersion\[\] = "\(.*\)".*/\1/p' "$root/channel/version.h"
}

# The time of everything in a release.
commit_time() {
  echo "${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct)}"
}
