# shellcheck shell=bash
# Which cluster: the one that KUBECONFIG points to, else a node of our own (hack/cluster).

RELEASE=upm
SYSTEM=upm-system

choose_cluster() {
  if [[ -n ${KUBECONFIG:-} ]]; then
    FOREIGN=1
    [[ -r $KUBECONFIG ]] || die "KUBECONFIG is set to $KUBECONFIG, which can't be read; unset it for a node of your own"
  else
    FOREIGN=0
    export KUBECONFIG=$KUBECONFIG_ADMIN
    # A node of our own is on this machine, whatever proxy there is.
    export no_proxy=${no_proxy:+$no_proxy,}10.0.0.0/8,127.0.0.1 NO_PROXY=${NO_PROXY:+$NO_PROXY,}10.0.0.0/8,127.0.0.1
  fi
}

node() { "$REPO/hack/cluster/cluster" "$@"; }

# control_plane NUMBER ARGUMENT…: an API server beside the cluster, without a node: for tests that would be in the way of an
# installed runtime, or the runtime in theirs; one for each that runs at the same time. Names have at most eight
# characters, and the other clusters' octets end at 180.
CONTROL_PLANES=2

control_plane() {
  env -u UPM_STATE UPM_CLUSTER="${UPM_CLUSTER:0:4}api$1" UPM_OCTET="$((181 + (UPM_OCTET + 37 * ($1 - 1)) % 75))" \
    "$REPO/hack/cluster/cluster" "${@:2}"
}

# all_control_planes ARGUMENT…
all_control_planes() {
  local number
  for ((number = 1; number <= CONTROL_PLANES; number++)); do control_plane "$number" "$@"; done
}

# A foreign cluster's user may have the programs; those that hack/cluster builds do as well.
program() {
  local name=$1 built=$2
  # A program, never a function: ours have the same names.
  if ((FOREIGN)) && type -P "$name"; then return; fi
  echo "$built/$name"
}

kube() { "$(program kubectl "$KUBERNETES_DIR")" "$@"; }

helm() { "$(program helm "$HELM_DIR")" "$@"; }

cluster_programs_there() { [[ -x $(program kubectl "$KUBERNETES_DIR") && -x $(program helm "$HELM_DIR") ]]; }

# The command as the user would have to type it.
kubectl_words() {
  if ((FOREIGN)); then
    echo "$(program kubectl "$KUBERNETES_DIR") --kubeconfig $KUBECONFIG"
  else
    echo "$REPO/hack/cluster/cluster kubectl"
  fi
}

# load_archive FILE: into every node. Prints what it did.
load_archive() {
  local context state
  if ((!FOREIGN)); then
    node load-image "$1"
    return
  fi
  state=$(dirname "$(readlink -f "$KUBECONFIG")")
  context=$(kube config current-context)
  if [[ -e $state/cluster ]]; then
    load_into_other_cluster "$state" "$1"
  elif [[ -n ${UPM_REGISTRY:-} ]]; then
    push_archive "$1"
  elif [[ $context == kind-* ]]; then
    kind load image-archive "$1" --name "${context#kind-}"
  elif [[ $context == k3d-* ]]; then
    k3d image import "$1" --cluster "${context#k3d-}"
  elif [[ $context == minikube ]]; then
    minikube image load "$1"
  else
    die "images can't be loaded into the cluster of context $context: set UPM_REGISTRY to a registry that it pulls from and that this machine may push to"
  fi
}

# One that hack/cluster made, under another name.
load_into_other_cluster() {
  local name octet
  read -r name octet <"$1/cluster"
  UPM_CLUSTER=$name UPM_OCTET=$octet UPM_STATE=$1 node load-image "$2"
}

push_archive() {
  local reference
  reference=$(image_reference "$1")
  buildah push "docker-archive:$1" "docker://$reference"
}

# image_reference ARCHIVE: how the cluster names the image in it.
image_reference() {
  local name
  name=$(tar -xOf "$1" manifest.json | grep -o 'upm\.local/[^"]*' | head -n 1)
  echo "${UPM_REGISTRY:-upm.local}/${name#upm.local/}"
}
