# shellcheck shell=bash
# A node: a network and a mount namespace, a cgroup, and in them containerd, kubelet and kube-proxy.

nodes() {
  local dir
  for dir in "$UPM_STATE"/nodes/*/; do
    if [[ -d $dir ]]; then basename "$dir"; fi
  done | sort -V
}

in_node() {
  local node=$1
  shift
  # Not "ip netns exec": it hides the cgroup mounts, which the kubelet needs.
  nsenter --net="/run/netns/$node" --mount="$UPM_STATE/mounts/$node" -- "$@"
}

node_daemon() {
  local node=$1 program=$2
  shift 2
  daemon "$node-$program" nsenter --net="/run/netns/$node" --mount="$UPM_STATE/mounts/$node" -- "$@"
}

# First half, without the API server.
prepare_node() {
  local node=$1 dir
  dir=$(node_dir "$node")
  mkdir -p "$dir/cni" "$dir/images"
  make_node_network "$node"
  make_mounts "$node" "$dir"
  make_cgroups "$node"
  local address
  address=$(node_address "$(node_number "$node")")
  certificate ca "$node" "/O=system:nodes/CN=system:node:$node" "IP:$address,DNS:$node"
  (umask 077 && kubeconfig "$node" >"$dir/kubeconfig")
  containerd_config "$node" >"$dir/containerd.toml"
  cni_config "$node" >"$dir/cni/10-ptp.conflist"
  kubelet_config "$node" "$address" >"$dir/kubelet.yaml"
  start_containerd "$node"
}

start_containerd() {
  local node=$1
  node_daemon "$node" containerd containerd --config "$(node_dir "$node")/containerd.toml"
}

await_containerd() {
  await 30 containerd_answers "$1" || die "$1: containerd doesn't answer (cluster logs $1-containerd)"
  load_image "$OWN_DIR/pause.tar" "$1" 2>/dev/null
}

containerd_answers() { node_ctr "$1" version &>/dev/null; }

# Second half, with it.
start_node() {
  local node=$1
  node_daemon "$node" kubelet "$KUBERNETES_DIR/kubelet" --config="$(node_dir "$node")/kubelet.yaml" \
    --kubeconfig="$(node_dir "$node")/kubeconfig" --hostname-override="$node" \
    --node-ip="$(node_address "$(node_number "$node")")"
  # The sysctls of conntrack belong to the machine.
  node_daemon "$node" kube-proxy "$KUBERNETES_DIR/kube-proxy" --kubeconfig="$UPM_STATE/kube-proxy.kubeconfig" \
    --proxy-mode=iptables --cluster-cidr="$POD_RANGE" --hostname-override="$node" \
    --conntrack-max-per-core=0 --conntrack-tcp-timeout-established=0s --conntrack-tcp-timeout-close-wait=0s
}

node_ready() {
  [[ $(kube get node "$1" -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null) == True ]]
}

containerd_config() {
  cat <<TOML
version = 2
root = "/var/lib/containerd"
state = "/run/containerd"

[grpc]
  address = "/run/containerd/containerd.sock"

[plugins."io.containerd.internal.v1.opt"]
  path = "/var/lib/containerd/opt"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$PAUSE_IMAGE"
  # A container may not be allowed to lower its score; without this no sandbox starts there.
  restrict_oom_score_adj = true
  disable_apparmor = true
  stream_server_port = "0"

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$(node_dir "$1")/cni"

  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
TOML
}

# ptp rather than bridge: all of a Pod's traffic is routed by the node, so that kube-proxy's rules also hold within it.
cni_config() {
  cat <<JSON
{
  "cniVersion": "0.4.0",
  "name": "$UPM_CLUSTER",
  "plugins": [
    {
      "type": "ptp",
      "ipam": {
        "type": "host-local",
        "dataDir": "/run/cni-ipam",
        "ranges": [[{"subnet": "$(node_pod_range "$(node_number "$1")")"}]],
        "routes": [{"dst": "0.0.0.0/0"}]
      }
    },
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
JSON
}

kubelet_config() {
  local node=$1 address=$2
  cat <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $address
tlsCertFile: $PKI/$node.crt
tlsPrivateKeyFile: $PKI/$node.key
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: $PKI/ca.crt}
authorization: {mode: Webhook}
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
clusterDomain: cluster.local
clusterDNS: [$SERVICE_DNS]
resolvConf: ""
volumePluginDir: /var/lib/kubelet/volume-plugins
# Two kubelets in one cgroup would kill each other's Pods.
cgroupRoot: /$node
cgroupDriver: cgroupfs
failCgroupV1: false
failSwapOn: false
enforceNodeAllocatable: []
# Images are only ever loaded: none may be collected. Nor is a full disk of the machine a reason to evict.
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, nodefs.inodesFree: 1%, imagefs.available: 1%}
maxPods: 200
nodeLeaseDurationSeconds: 20
YAML
}

cgroup_folders() {
  local controller
  if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
    echo "/sys/fs/cgroup/$1"
    return
  fi
  for controller in /sys/fs/cgroup/*/; do
    if mountpoint -q "$controller"; then echo "$controller$1"; fi
  done
}

make_cgroups() {
  local folder file
  for folder in $(cgroup_folders "$1"); do
    mkdir -p "$folder"
    # In version 1 no process can enter a cpuset before it has both.
    for file in cpuset.cpus cpuset.mems; do
      if [[ -e $folder/$file && ! -e /sys/fs/cgroup/cgroup.controllers && -z $(<"$folder/$file") ]]; then
        cat "${folder%/*}/$file" >"$folder/$file"
      fi
    done
  done
}
