# shellcheck shell=bash

# The state folder says whose it is: nothing but what a cluster of this name made is ever used or removed.
claim_state() {
  if [[ -e $UPM_STATE/cluster ]]; then
    own_state
  elif [[ -d $UPM_STATE && -n $(ls -A "$UPM_STATE") ]]; then
    die "$UPM_STATE is not empty and not a cluster's state"
  else
    mkdir -p "$UPM_STATE/nodes" "$UPM_STATE/logs" "$UPM_STATE/pids"
    echo "$UPM_CLUSTER $UPM_OCTET" >"$UPM_STATE/cluster"
  fi
}

own_state() {
  local found
  found=$(<"$UPM_STATE/cluster")
  [[ $found == "$UPM_CLUSTER $UPM_OCTET" ]] || die "$UPM_STATE belongs to another cluster ($found)"
}

up() {
  local wanted=1 start=$SECONDS
  while (($#)); do
    case $1 in
      --nodes) wanted=${2:?--nodes N}; shift 2 ;;
      *) die "up: unknown option $1" ;;
    esac
  done
  if [[ ! $wanted =~ ^(0|[1-9][0-9]?[0-9]?)$ ]] || ((wanted > MAX_NODES)); then die "up: --nodes 0..$MAX_NODES"; fi
  claim_state
  local i
  for ((i = 1; i <= wanted; i++)); do mkdir -p "$(node_dir "$(node_name "$i")")"; done
  if healthy; then
    note "up: $(nodes | wc -l) node(s), nothing to do"
    return
  fi
  start_everything
  note "up: $(nodes | wc -l) node(s) ready after $((SECONDS - start)) s"
}

healthy() {
  local name node
  for name in "${CONTROL_PLANE[@]}"; do running "$name" || return 1; done
  for node in $(nodes); do
    for name in containerd kubelet kube-proxy; do running "$node-$name" || return 1; done
    linked "$node" || return 1
  done
  [[ -e $KUBECONFIG_ADMIN ]] && guarded && api_ready && coredns_ready && [[ -z $(unready_nodes) ]]
}

# A node counts from what its present kubelet has reported: after a restart the API server still shows what was.
unready_nodes() {
  local node name ready reported report
  report=$(kube get nodes -o jsonpath='{range .items[*]}{.metadata.name}{range .status.conditions[?(@.type=="Ready")]} {.status} {.lastHeartbeatTime}{"\n"}{end}{end}' 2>/dev/null) || true
  for node in $(nodes); do
    read -r name ready reported < <(grep "^$node " <<<"$report") || true
    if [[ $name != "$node" || $ready != True ]] ||
      (($(date -d "$reported" +%s) < $(stat -c %Y "$UPM_STATE/pids/$node-kubelet"))); then
      echo "$node"
    fi
  done
}

# last_error NODE: what its kubelet complained of last, such as a limit of this machine.
last_error() {
  grep -h '^E' "$UPM_STATE/logs/$1-kubelet.log" 2>/dev/null | tail -n 1 | sed 's/^[^]]*\]//' | cut -c1-300
}

# Each step does nothing where its result is there, so that this also repairs what is half up.
start_everything() {
  local node first="" fresh=()
  make_pki
  make_bridge
  start_etcd
  start_apiserver
  for node in $(nodes); do
    first=${first:-$node}
    [[ -e $UPM_STATE/pids/$node-kubelet ]] || fresh+=("$node")
    prepare_node "$node"
  done
  make_routes
  for node in $(nodes); do await_containerd "$node"; done
  for node in "${fresh[@]}"; do
    [[ $node == "$first" ]] || copy_images "$first" "$node"
  done

  await 60 api_ready || die "kube-apiserver doesn't get ready (cluster logs kube-apiserver)"
  start_open_volumes
  start_controller_manager
  start_scheduler
  for node in $(nodes); do start_node "$node"; done
  apply_addons || die "the add-ons can't be applied: $UPM_STATE/logs/addons.log"
  start_coredns
  start_grow_volumes
  await 60 no_unready_nodes ||
    die "nodes don't get ready: $(unready_nodes | xargs);$(last_error "$(unready_nodes | head -n 1)") (cluster logs NODE-kubelet)"
  await 30 coredns_ready || die "CoreDNS doesn't get ready (cluster logs coredns)"
  await 30 default_account || die "the default service account doesn't appear (cluster logs kube-controller-manager)"
  cp -p "$UPM_STATE/admin.kubeconfig" "$KUBECONFIG_ADMIN.tmp"
  mv "$KUBECONFIG_ADMIN.tmp" "$KUBECONFIG_ADMIN"
}

no_unready_nodes() { [[ -z $(unready_nodes) ]]; }

# Without it no Pod can be made.
default_account() { kube -n default get serviceaccount default &>/dev/null; }
