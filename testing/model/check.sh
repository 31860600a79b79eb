#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: check.sh [--list] [VARIANT...]
# Checks session.pml with spin: that the model keeps its promises, and that each
# of its broken variants is caught, so that it could fail. Prints one line for
# each and exits 1 when one is not as it should be.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Name, what has to come out, what gcc is told, what spin is told.
variants='
one_fault                  holds  -O2 -DFAULTS=1
whole_frames               holds  -O1 -DFAULTS=1 -DWHOLE_FRAMES
no_numbers                 caught -O0 -DFAULTS=1 -DNO_NUMBERS
no_preamble                caught -O0 -DFAULTS=1 -DNO_PREAMBLE
no_preamble_behind_silence caught -O0 -DFAULTS=1 -DNO_PREAMBLE_BEHIND_SILENCE
no_second_preamble         caught -O0 -DFAULTS=1 -DNO_SECOND_PREAMBLE
no_look_inside             caught -O0 -DFAULTS=1 -DNO_LOOK_INSIDE
probe_takes_all            caught -O0 -DFAULTS=1 -DPROBE_TAKES_ALL
no_probe                   caught -O0 -DFAULTS=0 -DNO_PROBE
no_ping                    caught -O0 -DFAULTS=1 -DNO_PING
no_unknown                 caught -O0 -DFAULTS=1 -DNO_UNKNOWN
no_silence                 caught -O0 -DFAULTS=1 -DNO_SILENCE
no_finack                  caught -O0 -DFAULTS=0 -DNO_FINACK
syn_ignored                caught -O0 -DFAULTS=1 -DWHOLE_FRAMES -DSYN_IGNORED
reset_is_clean             caught -O0 -DFAULTS=0 -DRESET_IS_CLEAN
'

# search OPTIMISATION FLAG...: builds and runs spin's verifier in this directory.
search() {
  local optimisation=$1
  shift
  spin "$@" -a session.pml
  gcc "$optimisation" -w -DCOLLAPSE -DNOREDUCE -DNOFAIR -DMEMLIM=4000 -o pan pan.c
  ./pan -a -m1000000 -w24
}

# verdict REPORT: `holds`, `caught`, or `unclear` when it was no whole search.
verdict() {
  if grep -qE 'errors: [1-9]' "$1"; then
    echo caught
  elif grep -q 'errors: 0$' "$1" &&
    ! grep -qE 'Search not completed|search depth too small|memory limit' "$1"; then
    echo holds
  else
    echo unclear
  fi
}

# check NAME WANTED OPTIMISATION FLAG...
check() {
  local name=$1 wanted=$2 found states what
  mkdir "$work/$name"
  cd "$work/$name"
  cp "$here/session.pml" .
  (search "${@:3}") >report 2>&1 || true
  found=$(verdict report)
  states=$(sed -nE 's/^ *([0-9.e+]+) states, stored.*/\1/p' report)
  what=$(sed -nE 's/^pan:1: (.*) \(at depth .*/\1/p' report)
  echo "$name: $found, ${states:-no} states${what:+, $what}"
  [[ $found != "$wanted" ]] || return 0
  echo "$name should have been: $wanted"
  [[ -f session.pml.trail ]] || { tail -n 20 report && return 1; }
  spin "${@:4}" -t -p -r -s session.pml |
    grep -E 'Send|Recv|state = |CYCLE|assert' | tail -n 80
  return 1
}

if [[ ${1:-} == --list ]]; then
  awk 'NF { print $1 }' <<<"$variants"
  exit
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0 ran=0
while read -ra variant; do
  ((${#variant[@]})) || continue
  (($# == 0)) || [[ " $* " == *" ${variant[0]} "* ]] || continue
  ran=$((ran + 1))
  check "${variant[@]}" || status=1
done <<<"$variants"
((ran >= ($# ? $# : 1))) || { echo "check.sh: no variant of that name" >&2; exit 2; }
exit "$status"
