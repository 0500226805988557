# shellcheck shell=bash disable=SC2034
# Every name, address and path of a cluster; all follow from UPM_CLUSTER, so that two clusters don't collide.

UPM_CLUSTER=${UPM_CLUSTER:-upm}
[[ $UPM_CLUSTER =~ ^[a-z][a-z0-9]{0,7}$ ]] || die "UPM_CLUSTER must match [a-z][a-z0-9]{0,7}: $UPM_CLUSTER"

if [[ $UPM_CLUSTER == upm ]]; then
  UPM_STATE=${UPM_STATE:-/var/lib/upm-cluster}
  UPM_OCTET=${UPM_OCTET:-80}
else
  UPM_STATE=${UPM_STATE:-/var/lib/upm-cluster-$UPM_CLUSTER}
  UPM_OCTET=${UPM_OCTET:-$((81 + $(cksum <<<"$UPM_CLUSTER" | cut -d' ' -f1) % 100))}
fi
UPM_CACHE=${UPM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/upm}
case $UPM_CACHE/ in
  /run/* | /tmp/* | /var/lib/* | /var/log/*)
    die "UPM_CACHE must not be below /run, /tmp, /var/lib or /var/log, of which nodes see their own: $UPM_CACHE" ;;
esac
# How long a node may be silent before Kubernetes calls it NotReady.
UPM_NODE_GRACE=${UPM_NODE_GRACE:-20s}

# 10.OCTET.0.0/16 is the cluster's: Services in the first quarter, nodes at the start of the next, Pods in the second half.
# 10.OCTET.96.0/19 is left to others who want networks behind the same guard route.
CLUSTER_RANGE=10.$UPM_OCTET.0.0/16
SERVICE_RANGE=10.$UPM_OCTET.0.0/18
SERVICE_API=10.$UPM_OCTET.0.1
SERVICE_DNS=10.$UPM_OCTET.0.10
HOST_ADDRESS=10.$UPM_OCTET.64.1
HOST_RANGE=10.$UPM_OCTET.64.0/24
POD_RANGE=10.$UPM_OCTET.128.0/17
# What no Pod needs to reach listens on an own loopback address of the host.
LOOPBACK=127.0.$UPM_OCTET.1
API_URL=https://$HOST_ADDRESS:6443
MAX_NODES=100

BRIDGE=$UPM_CLUSTER-br
# Lower than any route one sets by hand: only hit when no other route to the range is left.
GUARD_METRIC=4278198272

node_name() { echo "$UPM_CLUSTER-n$1"; }
node_number() { echo "${1#"$UPM_CLUSTER-n"}"; }
node_address() { echo "10.$UPM_OCTET.64.$((10 + $1))"; }
node_pod_range() { echo "10.$UPM_OCTET.$((128 + $1)).0/24"; }
node_dir() { echo "$UPM_STATE/nodes/$1"; }

KUBERNETES_DIR=$UPM_CACHE/bin/kubernetes-$KUBERNETES_VERSION
ETCD_DIR=$UPM_CACHE/bin/etcd-$ETCD_VERSION
COREDNS_DIR=$UPM_CACHE/bin/coredns-$COREDNS_VERSION
HELM_DIR=$UPM_CACHE/bin/helm-$HELM_VERSION
KWOK_DIR=$UPM_CACHE/bin/kwok-$KWOK_VERSION
REGISTRY_DIR=$UPM_CACHE/bin/registry-$REGISTRY_VERSION
S3_DIR=$UPM_CACHE/bin/versitygw-$S3_VERSION
# By content of their sources.
OWN_DIR=$UPM_CACHE/bin/own-$(cat "$HERE"/{pause,testimage,volumes}/main.go | cksum | cut -d' ' -f1)
PKI=$UPM_STATE/pki
KUBECONFIG_ADMIN=$UPM_STATE/kubeconfig
PAUSE_IMAGE=upm.local/pause:1
PROBE_IMAGE=upm.local/probe:1
