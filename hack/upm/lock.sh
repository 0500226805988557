# shellcheck shell=bash

# lock COMMAND: one at a time changes a cluster; the lock goes with this process.
lock() {
  local file=$UPM_CACHE/up-$UPM_CLUSTER.lock
  mkdir -p "$UPM_CACHE"
  exec {LOCK}<>"$file"
  flock --nonblock "$LOCK" || die "another one is at work: ./upm $(<"$file")"
  echo "$1, process $$, since $(date +%T)" >"$file"
}

# What a step starts may outlive us, and must not hold the lock.
unlock() { exec {LOCK}>&-; }
