#!/bin/busybox sh
# SPDX-License-Identifier: Apache-2.0
# The guest's first process: what a distribution would have done before our
# programs start. Leaves /dev/virtio-ports to guest-port-links and everything
# else to guest-agent.
/bin/busybox mkdir -p /proc /sys /dev /tmp /run /root /etc /usr/bin /usr/sbin
/bin/busybox --install -s
export PATH=/bin:/sbin:/usr/bin:/usr/sbin HOME=/root
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /tmp
mount -t tmpfs tmpfs /run
while read -r module; do
  insmod "/modules/$module.ko"
done </modules/order
ip link set lo up
echo '127.0.0.1 localhost' >/etc/hosts
cd /root || exit 1
if [ -x /bin/guest-port-links ]; then
  guest-port-links &
fi
if [ -x /bin/guest-agent ]; then
  guest-agent /dev/ttyS1
else
  setsid cttyhack sh
fi
poweroff -f
