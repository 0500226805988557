# shellcheck shell=bash

# in_root [--offline] ROOT COMMAND…: in namespaces of its own, so that its processes and mounts end with it.
# Offline there is a loopback interface and nothing else.
in_root() {
  local flags=()
  if [[ $1 == --offline ]]; then
    flags=(--net)
    shift
  fi
  local root=$1
  shift
  # shellcheck disable=SC2016 # for the inner shell
  unshare --mount --pid --fork --kill-child --propagation private "${flags[@]}" sh -ec '
    root=$1
    shift
    [ "$1" != offline ] || ip link set lo up
    shift
    mount -t proc proc "$root/proc"
    mount -t tmpfs -o mode=755 dev "$root/dev"
    mkdir -m 1777 "$root/dev/shm"
    mknod -m 666 "$root/dev/null" c 1 3
    mknod -m 666 "$root/dev/zero" c 1 5
    mknod -m 666 "$root/dev/random" c 1 8
    mknod -m 666 "$root/dev/urandom" c 1 9
    # Not exec: changing the user would undo --kill-child, so process 1 of the namespace stays root.
    chroot "$root" "$@" || exit
  ' sh "$root" "${flags:+offline}" \
    env -i HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    ${http_proxy:+"http_proxy=$http_proxy"} "$@"
}
