# shellcheck shell=bash

PODMAN_SOCKET=/run/upm-podman.sock
PODMAN_STATE=$UPM_CACHE/podman
PODMAN_RUN=/run/upm-podman
PODMAN_BRIDGE=upm-podman0
PODMAN_SUBNET=10.183.96.0/22
PODMAN_GATEWAY=10.183.96.1

own_podman() {
  CONTAINERS_CONF=$PODMAN_STATE/containers.conf CONTAINERS_STORAGE_CONF=$PODMAN_STATE/storage.conf podman "$@"
}

configure() {
  mkdir -p "$PODMAN_STATE/cni" "$PODMAN_STATE/loaded" "$PODMAN_RUN"
  # runc: crun refuses hybrid cgroups. Without limits of their own, containers would ask for more than root may have.
  cat >"$PODMAN_STATE/containers.conf" <<CONF
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
log_driver = "k8s-file"
[network]
network_backend = "cni"
network_config_dir = "$PODMAN_STATE/cni"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
tmp_dir = "$PODMAN_RUN/libpod"
exit_command_delay = 10
CONF
  cat >"$PODMAN_STATE/storage.conf" <<CONF
[storage]
driver = "overlay"
graphroot = "$PODMAN_STATE/storage"
runroot = "$PODMAN_RUN/storage"
CONF
  # No gateway and no masquerading: containers talk to this machine and to each other, never beyond,
  # and the machine's ip_forward stays as it is.
  cat >"$PODMAN_STATE/cni/podman.conflist" <<CONF
{
  "cniVersion": "0.4.0",
  "name": "podman",
  "plugins": [
    {
      "type": "bridge", "bridge": "$PODMAN_BRIDGE", "isGateway": false, "ipMasq": false, "hairpinMode": true,
      "ipam": {
        "type": "host-local", "dataDir": "$PODMAN_RUN/cni",
        "ranges": [[{ "subnet": "$PODMAN_SUBNET", "gateway": "$PODMAN_GATEWAY" }]]
      }
    },
    { "type": "portmap", "capabilities": { "portMappings": true } }
  ]
}
CONF
}

ensure_bridge() {
  if [[ ! -e /sys/class/net/$PODMAN_BRIDGE ]] && ip -4 route show match "$PODMAN_GATEWAY" | grep -qv '^default'; then
    die "$PODMAN_SUBNET is in use on this machine"
  fi
  [[ -e /sys/class/net/$PODMAN_BRIDGE ]] || ip link add "$PODMAN_BRIDGE" type bridge
  ip address replace "$PODMAN_GATEWAY/${PODMAN_SUBNET#*/}" dev "$PODMAN_BRIDGE"
  ip link set "$PODMAN_BRIDGE" up
}

ping_service() {
  curl --silent --fail --max-time 5 --output /dev/null --unix-socket "$PODMAN_SOCKET" http://localhost/_ping
}

ensure_service() {
  local tries=100
  ! ping_service || return 0
  stop_service
  rm -f "$PODMAN_SOCKET"
  (
    # A service that outlives us must hold neither our lock nor our caller's pipe, nor be in a checkout that goes away:
    # from then on it can start no container.
    cd /
    for fd in /proc/"$BASHPID"/fd/*; do
      fd=${fd##*/}
      ((fd <= 2)) || exec {fd}>&-
    done
    CONTAINERS_CONF=$PODMAN_STATE/containers.conf CONTAINERS_STORAGE_CONF=$PODMAN_STATE/storage.conf \
      exec setsid podman system service --time=0 "unix://$PODMAN_SOCKET"
  ) </dev/null >"$PODMAN_STATE/service.log" 2>&1 &
  echo $! >"$PODMAN_RUN/service.pid"
  until ping_service; do
    if ! kill -0 $! 2>/dev/null || ((tries-- == 0)); then
      die "podman's service did not start: $(tail -n 5 "$PODMAN_STATE/service.log")"
    fi
    sleep 0.1
  done
}

stop_service() {
  local pid tries=100
  pid=$(cat "$PODMAN_RUN/service.pid" 2>/dev/null) || return 0
  # The number may be someone else's by now.
  if grep -qsaF "$PODMAN_SOCKET" "/proc/$pid/cmdline"; then
    kill "$pid"
    while [[ -d /proc/$pid ]] && ((tries-- > 0)); do sleep 0.1; done
    [[ ! -d /proc/$pid ]] || kill -KILL "$pid"
  fi
  rm -f "$PODMAN_RUN/service.pid"
}

load_images() {
  local name archive ref mark
  # shellcheck disable=SC2048,SC2086 # one word per image
  for name in $*; do
    archive=$("$IMAGES/build" "$name" | tail -n 1)
    ref=$(archive_ref "$archive")
    mark=$PODMAN_STATE/loaded/${archive##*/}
    if [[ ! -e $mark ]] || ! own_podman image exists "$ref"; then
      note "loading $ref"
      own_podman load --quiet --input "$archive" >&2
      touch "$mark"
    fi
  done
}

take_down() {
  local mount
  if [[ -e $PODMAN_STATE/containers.conf ]]; then
    own_podman rm --all --force --volumes --time 5 >/dev/null
    own_podman volume prune --force >/dev/null
  fi
  stop_service
  stop_monitors
  while read -r mount; do
    umount "$mount"
  done < <(awk -v a="$PODMAN_STATE/" -v b="$PODMAN_RUN/" 'index($5, a) == 1 || index($5, b) == 1 { print $5 }' \
    /proc/self/mountinfo | sort -r)
  [[ ! -e /sys/class/net/$PODMAN_BRIDGE ]] || ip link delete "$PODMAN_BRIDGE"
  drop_portmap_chains
  rm -rf --one-file-system "$PODMAN_RUN" "$PODMAN_SOCKET" "$PODMAN_STATE"
}

# For every exec a monitor stays a while, and then has podman make our state folder anew.
stop_monitors() {
  local process
  for process in /proc/[0-9]*; do
    [[ $(readlink "$process/exe" 2>/dev/null) == */conmon ]] || continue
    if tr '\0' '\n' <"$process/cmdline" 2>/dev/null | grep -qF "$PODMAN_STATE/"; then
      kill -KILL "${process##*/}" 2>/dev/null || true
    fi
  done
}

# The portmap plugin leaves its base chains; they go unless someone else's ports hang on them.
drop_portmap_chains() {
  local chain from
  if iptables-save -t nat 2>/dev/null | grep -q '^:CNI-DN-'; then
    return 0
  fi
  for from in PREROUTING OUTPUT POSTROUTING; do
    while read -r chain; do
      # shellcheck disable=SC2086 # iptables' own words
      xargs -r iptables -t nat <<<"${chain/#-A/-D}"
    done < <(iptables -t nat -S "$from" | grep -E -- '-j CNI-HOSTPORT-' || true)
  done
  for chain in CNI-HOSTPORT-DNAT CNI-HOSTPORT-MASQ CNI-HOSTPORT-SETMARK; do
    iptables -t nat -F "$chain" 2>/dev/null || true
  done
  for chain in CNI-HOSTPORT-DNAT CNI-HOSTPORT-MASQ CNI-HOSTPORT-SETMARK; do
    iptables -t nat -X "$chain" 2>/dev/null || true
  done
}
