# shellcheck shell=bash
# One bridge on the host, one network namespace per node, static routes. No namespace has a default route.

in_netns() {
  local node=$1
  shift
  nsenter --net="/run/netns/$node" -- "$@"
}

make_bridge() {
  # The file says that bridge and guard route are this cluster's.
  if [[ ! -e $UPM_STATE/network ]]; then
    refuse_used_range
    echo "$BRIDGE $CLUSTER_RANGE" >"$UPM_STATE/network"
  fi
  if ! ip link show "$BRIDGE" &>/dev/null; then
    ip link add "$BRIDGE" type bridge
    ip address add "$HOST_ADDRESS/24" dev "$BRIDGE"
  fi
  ip link set "$BRIDGE" up
  # What is sent to a Pod or Service that is gone ends here instead of leaving the machine by the default route.
  ip route replace unreachable "$CLUSTER_RANGE" metric "$GUARD_METRIC"
}

guarded() { [[ -n $(ip -4 route show type unreachable exact "$CLUSTER_RANGE") ]]; }

refuse_used_range() {
  local range used
  for range in "$CLUSTER_RANGE" "$SERVICE_RANGE" "$HOST_RANGE" "$POD_RANGE"; do
    # Routes to a part of it; for all of it, also routes to something larger than it, except the default one.
    used=$(ip -4 route show root "$range")
    if [[ $range == "$CLUSTER_RANGE" ]]; then used=$(ip -4 route show match "$range" | grep -v '^default ' || true); fi
    [[ -z $used ]] || die "$range is in use on this machine ($used): set UPM_OCTET"
  done
}

make_node_network() {
  local node=$1 address
  address=$(node_address "$(node_number "$node")")
  [[ -e /run/netns/$node ]] || ip netns add "$node"
  if ! ip link show "$node" &>/dev/null; then
    ip link add "$node" type veth peer name eth0 netns "$node"
    in_netns "$node" ip link set lo up
    in_netns "$node" ip address add "$address/24" dev eth0
    in_netns "$node" ip link set eth0 up
    in_netns "$node" sysctl -qw net.ipv4.ip_forward=1
    # kube-proxy redirects what is sent to a Service, but only after a route for it was found.
    in_netns "$node" ip route replace "$SERVICE_RANGE" dev lo src "$address"
  fi
  ip link set "$node" master "$BRIDGE" up
}

# The routes of every node to every other node's Pods, and the host's to all.
make_routes() {
  local node peer number
  for node in $(nodes); do
    number=$(node_number "$node")
    ip route replace "$(node_pod_range "$number")" via "$(node_address "$number")"
    for peer in $(nodes); do
      [[ $peer == "$node" ]] ||
        in_netns "$peer" ip route replace "$(node_pod_range "$number")" via "$(node_address "$number")"
    done
  done
  route_services
}

# The host reaches Services through the first node that isn't cut off.
route_services() {
  local node
  for node in $(nodes); do
    if linked "$node"; then
      ip route replace "$SERVICE_RANGE" via "$(node_address "$(node_number "$node")")"
      return
    fi
  done
}

linked() { ip link show "$1" up 2>/dev/null | grep -q .; }

cut_node() {
  ip link set "$1" down
  route_services
}

heal_node() {
  ip link set "$1" up
  route_services
}
