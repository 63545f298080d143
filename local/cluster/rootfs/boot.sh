#!/bin/bash
# Process 1 of the node: gives the node its own root file system, then hands over to tini.
# It runs inside fresh network, mount, process, IPC and host-name namespaces, so everything that it does here ends with it.
# Usage: boot.sh ROOT USR BIN    (the node's root directory, usr/ of the unpacked packages, directory of our binaries)
set -euo pipefail
root=$1 usr=$2 bin=$3

mount --make-rprivate /
mount --bind "$root" "$root"
cd "$root"
# The packages are an overlay over the machine's own /usr: every program finds its files in the usual place, and nothing is installed.
mount -t overlay -o "ro,lowerdir=$usr:/usr" overlay usr
mount --bind -o ro "$bin" opt
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /sys/fs/cgroup sys/fs/cgroup
mount --rbind /dev dev
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp

# The kubelet wants these kernel settings, but they belong to the whole machine. So it sees the values that it wants, and the machine keeps its own.
while read -r setting value; do
  mkdir -p "run/kernel/$(dirname "$setting")"
  echo "$value" > "run/kernel/$setting"
  mount --bind "run/kernel/$setting" "proc/sys/$setting"
done <<SETTINGS
vm/overcommit_memory 1
vm/panic_on_oom 0
kernel/panic 10
kernel/panic_on_oops 1
kernel/keys/root_maxkeys 1000000
kernel/keys/root_maxbytes 25000000
SETTINGS

pivot_root . .
umount -l .
mount --make-rshared /
echo logharbor > /proc/sys/kernel/hostname
exec /usr/bin/tini -- /supervise.sh
