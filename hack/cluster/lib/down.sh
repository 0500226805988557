# shellcheck shell=bash

down() {
  local start=$SECONDS purge=0
  case ${1:-} in
    "") ;;
    --purge) purge=1 ;;
    *) die "down: unknown option $1" ;;
  esac
  if [[ -e $UPM_STATE/cluster ]]; then
    own_state
    remove_everything
  fi
  if ((purge)); then purge_cache; fi
  local left
  left=$(leftovers)
  [[ -z $left ]] || die "down: still there:"$'\n'"$left"
  note "down: nothing left, after $((SECONDS - start)) s"
}

remove_everything() {
  local node name folder
  # The kubelets first, or they start again what is killed.
  for node in $(nodes); do stop_daemon "$node-kubelet" KILL; done
  for node in $(nodes); do crash_node "$node"; done
  kill_namespace control-plane
  for name in "${CONTROL_PLANE[@]}"; do stop_daemon "$name" KILL; done

  for name in "$UPM_STATE"/mounts/*; do
    if has_mounts "${name##*/}"; then umount "$name"; fi
  done
  if mountpoint -q "$UPM_STATE/mounts"; then umount "$UPM_STATE/mounts"; fi

  for node in $(nodes); do
    for folder in $(cgroup_folders "$node"); do remove_cgroup "$folder"; done
    if [[ -e /run/netns/$node ]]; then ip netns delete "$node"; fi
    remove_link "$node"
  done
  if [[ -e $UPM_STATE/network ]]; then
    # The other routes go with the bridge.
    remove_link "$BRIDGE"
    if guarded; then ip route delete unreachable "$CLUSTER_RANGE" metric "$GUARD_METRIC"; fi
  fi

  if grep -qF " $UPM_STATE/" /proc/mounts; then die "down: still mounted under $UPM_STATE"; fi
  rm -rf --one-file-system "$UPM_STATE"
}

# A node's goes with its network namespace as well, but in the kernel's own time: perhaps while it is removed here.
remove_link() {
  ip link delete "$1" &>/dev/null || ! ip link show "$1" &>/dev/null || die "down: link $1 can't be removed"
}

remove_cgroup() {
  if [[ -d $1 ]]; then await 10 cgroup_removed "$1" || true; fi
}

cgroup_removed() {
  find "$1" -depth -type d -exec rmdir {} + 2>/dev/null || true
  [[ ! -d $1 ]]
}

purge_cache() {
  [[ -d $UPM_CACHE ]] || return 0
  chmod -R u+w "$UPM_CACHE"
  rm -rf --one-file-system "$UPM_CACHE"
}

# What a cluster of this name would have made and is there, a line each.
leftovers() {
  local node="$UPM_CLUSTER-n[0-9]*" process
  for process in /proc/[0-9]*; do
    if tr '\0' ' ' 2>/dev/null <"$process/cmdline" | grep -qF "$UPM_STATE/"; then
      echo "process ${process#/proc/}: $(tr '\0' ' ' 2>/dev/null <"$process/cmdline" | cut -c1-120)"
    fi
  done
  grep -F " $UPM_STATE/" /proc/mounts | sed 's/^/mount /' || true
  find /sys/fs/cgroup -maxdepth 2 -type d -name "$node" 2>/dev/null | sed 's/^/cgroup /'
  find /run/netns -name "$node" 2>/dev/null | sed 's/^/network namespace /' || true
  ip -o link show | awk -F'[ @:]+' -v a="$BRIDGE" -v b="^$UPM_CLUSTER-n[0-9]+$" '$2 == a || $2 ~ b { print "link " $2 }'
  if [[ -e $UPM_STATE ]]; then echo "folder $UPM_STATE"; fi
}
