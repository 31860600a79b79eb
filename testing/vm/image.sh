#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the parts of a guest out of what is installed on this machine:
#   image.sh base OUT.cpio VMLINUZ INIT   the newest cloud kernel, and an
#                         initramfs of busybox, that kernel's modules and INIT
#   image.sh programs OUT.cpio FILE...    an initramfs with FILEs in /bin
#   image.sh installed OUT.cpio NAME...   the same of programs of this machine,
#                         with the libraries that they need
# A kernel takes several of them, one behind the other, as one initrd.
set -eu

fail() {
  echo "image.sh: $1 (tools/setup installs what is needed)" >&2
  exit 1
}

# In loading order; the last ones are for guests with a disk or a network.
modules='virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev
  virtio_pci virtio_console failover net_failover virtio_net virtio_blk'

newest_kernel() {
  ls /boot | sed -n 's/^vmlinuz-\(.*-cloud-amd64\)$/\1/p' | sort -V | tail -n 1
}

# Owner, times and inode numbers do not depend on who makes it.
pack() {
  (cd "$1" && find . | LC_ALL=C sort |
    cpio --quiet -o -H newc -R 0:0 --reproducible)
}

add_modules() {
  mkdir -p "$root/modules"
  for module in $modules; do
    file=$(find "/lib/modules/$1" -name "$module.ko" | head -n 1)
    [ -n "$file" ] || fail "no module $module for kernel $1"
    cp "$file" "$root/modules/"
    echo "$module" >>"$root/modules/order"
  done
}

make_base() {
  version=$(newest_kernel)
  [ -n "$version" ] || fail 'no /boot/vmlinuz-*-cloud-amd64'
  [ -x /bin/busybox ] || fail 'no /bin/busybox'
  cp "/boot/vmlinuz-$version" "$2"
  mkdir -p "$root/bin" "$root/sbin" "$root/dev"
  cp /bin/busybox "$root/bin/busybox"
  ln -s busybox "$root/bin/sh"
  install -m 755 "$3" "$root/init"
  add_modules "$version"
  pack "$root" >"$1"
}

make_programs() {
  out=$1
  shift
  mkdir -p "$root/bin"
  for file in "$@"; do
    install -m 755 "$file" "$root/bin/"
  done
  pack "$root" >"$out"
}

make_installed() {
  out=$1
  shift
  for name in "$@"; do
    program=$(command -v "$name") || fail "no $name"
    for file in "$program" $(ldd "$program" | sed -n 's/^[^/]*\(\/[^ ]*\).*/\1/p'); do
      mkdir -p "$root${file%/*}"
      cp -L "$file" "$root$file"
    done
  done
  pack "$root" >"$out"
}

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
kind=$1
shift
case $kind in
  base) make_base "$@" ;;
  programs) make_programs "$@" ;;
  installed) make_installed "$@" ;;
  *) fail "unknown part '$kind'" ;;
esac
