# shellcheck shell=bash
# What a fault test does to a node; cut_node and heal_node are with the network.

# Nobody watches the node any more, but its Pods run on.
stop_node() {
  stop_daemon "$1-kubelet"
  stop_daemon "$1-containerd"
}

# The node's power is gone: everything of it at once, Pods included.
crash_node() {
  local program
  for program in kubelet kube-proxy containerd; do stop_daemon "$1-$program" KILL; done
  kill_pods "$1"
  kill_namespace "$1"
}

resume_node() {
  start_containerd "$1"
  await_containerd "$1"
  start_node "$1"
}

cgroup_processes() {
  local folder
  for folder in $(cgroup_folders "$1"); do
    if [[ -d $folder ]]; then find "$folder" -name cgroup.procs -exec cat {} + 2>/dev/null || true; fi
  done | sort -un
}

# Every container of the node's Pods, found by the node's own cgroups.
kill_pods() {
  local round pids
  for ((round = 0; round < 50; round++)); do
    pids=$(cgroup_processes "$1")
    [[ -n $pids ]] || return 0
    # shellcheck disable=SC2086
    kill -KILL $pids 2>/dev/null || true
    sleep 0.1
  done
  die "processes of $1's Pods don't end: $(xargs <<<"$pids")"
}

# namespace_processes NAME: what runs in the mount namespace of a node or of the control plane, containerd's shims above all.
namespace_processes() {
  local inode process
  has_mounts "$1" || return 0
  inode=$(stat -L -c %i "$UPM_STATE/mounts/$1")
  for process in /proc/[0-9]*; do
    if [[ $(readlink "$process/ns/mnt" 2>/dev/null) == "mnt:[$inode]" ]]; then echo "${process#/proc/}"; fi
  done
}

kill_namespace() {
  local round pids
  for ((round = 0; round < 50; round++)); do
    pids=$(namespace_processes "$1")
    [[ -n $pids ]] || return 0
    # shellcheck disable=SC2086
    kill -KILL $pids 2>/dev/null || true
    sleep 0.1
  done
  die "processes of $1 don't end: $(xargs <<<"$pids")"
}
