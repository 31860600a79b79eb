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
