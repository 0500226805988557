# shellcheck shell=bash
# Tests this folder with a cluster of its own, three nodes, beside whatever else runs.

SMOKE_CLUSTER=upmsmoke
passed=0
failed=0

smoke() {
  if [[ $UPM_CLUSTER != "$SMOKE_CLUSTER" ]]; then
    unset UPM_STATE UPM_OCTET
    UPM_CLUSTER=$SMOKE_CLUSTER exec "$HERE/cluster" smoke
  fi
  self down
  trap 'self down' EXIT

  check "a control plane without a node comes up" timeout 300 "$HERE/cluster" up --nodes 0
  check "and is healthy" said "nothing to do" self up --nodes 0
  check "two nodes come up, and up lets go of the caller's pipe" timeout 300 bash -c "'$HERE/cluster' up --nodes 2 2>&1 | cat >&2"
  check "a healthy cluster has nothing to do" said "nothing to do" self up
  check "the API server says its version" said "Server Version: $KUBERNETES_VERSION" kube version
  check "an image is loaded" said "loaded $PROBE_IMAGE" self load-image "$OWN_DIR/probe.tar"
  check "and not twice" said "is there" self load-image "$OWN_DIR/probe.tar"
  check "a third node joins, and has it" third_node
  smoke_workload
  check "what goes to a Pod that is not there can't leave the host" unreachable "${POD_RANGE%.*.*}.227.1"
  check "a node has no way out of the machine" unreachable_from "$SMOKE_CLUSTER-n1" 198.51.100.1
  smoke_faults
  trap - EXIT
  check "down leaves nothing" self down
  echo "$passed passed, $failed failed"
  ((failed == 0))
}

self() { "$HERE/cluster" "$@"; }

check() {
  local what=$1 start=$SECONDS output
  shift
  if output=$("$@" 2>&1); then
    passed=$((passed + 1))
    echo "passed: $what ($((SECONDS - start)) s)"
  else
    failed=$((failed + 1))
    echo "FAILED: $what"$'\n'"$output"
  fi
}

# said TEXT COMMAND…: whether the command says it.
said() {
  local output
  if output=$("${@:2}" 2>&1) && [[ $output == *"$1"* ]]; then return; fi
  echo "$output"
  return 1
}

# soon SECONDS COMMAND…
soon() { await "$@" >/dev/null 2>&1 || "${@:2}"; }

probe() { kube exec "$1" -- /main "${@:2}"; }

smoke_workload() {
  check "a StatefulSet of three is applied" apply_workload
  check "its Pods run, one on each node" kube rollout status statefulset/peers --timeout=60s
  check "a claim is bound" said Bound kube get pvc data-peers-0
  check "a claim of class growing is bound" growing_claim
  check "and grows" soon 20 said 2Gi kube get pvc growing -o jsonpath='{.status.capacity.storage}'
  check "exec works, as uid 999" said 999 probe peers-0 id
  check "the volume is writable" probe peers-0 write /data/file text
  check "a Service answers the host" soon 10 said peers- curl -sS --max-time 3 "http://$(kube get service front -o jsonpath='{.spec.clusterIP}'):8080"
  check "a Pod answers the host" said peers-2 curl -sS --max-time 3 "http://$(kube get pod peers-2 -o jsonpath='{.status.podIP}'):8080"
  check "a Service answers a Pod, by name" soon 10 said peers- probe peers-0 get http://front:8080
  check "a headless Service resolves to three addresses" soon 10 three_addresses
  check "and for the host" three_addresses_for_host
  local peer
  for peer in 0 1 2; do
    check "peers-0 reaches peers-$peer by name" soon 10 said "peers-$peer" probe peers-0 get "http://peers-$peer.peers.default.svc.cluster.local:8080"
  done
  check "a name that isn't there isn't waited for" said "no such host" not probe peers-0 lookup nowhere.example
  check "the API server reaches a Service" said peers- kube get --raw /api/v1/namespaces/default/services/front:8080/proxy/
  check "… and a webhook's" webhook_called
  check "logs work" said serving kube logs peers-1
  check "port-forward works" port_forward
}

third_node() { self up --nodes 3 && node_images "$SMOKE_CLUSTER-n3" | grep -q "^$PROBE_IMAGE "; }

growing_claim() {
  kube apply -f - <<YAML
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: growing}
spec: {storageClassName: growing, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
YAML
  kube wait --for=jsonpath='{.status.phase}'=Bound pvc/growing --timeout=30s
  kube patch pvc growing --type=merge --patch '{"spec": {"resources": {"requests": {"storage": "2Gi"}}}}'
}

# These ask for a route, and send nothing.
unreachable() { not ip route get "$1"; }

unreachable_from() { not in_netns "$1" ip route get "$2"; }

apply_workload() {
  kube apply -f - <<YAML
apiVersion: v1
kind: Service
metadata: {name: peers}
spec: {clusterIP: None, selector: {app: peers}, ports: [{port: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: front}
spec: {selector: {app: peers}, ports: [{port: 8080}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: peers}
spec:
  serviceName: peers
  replicas: 3
  podManagementPolicy: Parallel
  selector: {matchLabels: {app: peers}}
  template:
    metadata: {labels: {app: peers}}
    spec:
      terminationGracePeriodSeconds: 1
      securityContext: {runAsUser: 999, runAsNonRoot: true}
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: peers}}}
      containers:
      - name: probe
        image: $PROBE_IMAGE
        args: [serve, ":8080", \$(POD)]
        env: [{name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
        readinessProbe: {httpGet: {port: 8080}, periodSeconds: 1}
        volumeMounts: [{name: data, mountPath: /data}]
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
YAML
}

three_addresses_for_host() { [[ $("$OWN_DIR/probe" lookup peers.default.svc.cluster.local. "$SERVICE_DNS" | wc -w) == 3 ]]; }

three_addresses() { [[ $(probe peers-0 lookup peers | wc -w) == 3 ]]; }

# The Pod doesn't speak TLS: that the API server says so shows that it got there.
webhook_called() {
  kube apply -f - <<YAML
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: smoke}
webhooks:
- name: smoke.upm.local
  clientConfig: {service: {name: front, namespace: default, port: 8080}}
  rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
  matchConditions: [{name: ours, expression: "object.metadata.name == 'smoke'"}]
  failurePolicy: Fail
  sideEffects: None
  admissionReviewVersions: [v1]
YAML
  soon 10 rejected_for_http
}

rejected_for_http() {
  said "server gave HTTP response to HTTPS client" not kube create configmap smoke --dry-run=server --from-literal=a=b
}

port_forward() {
  local log pid port result=1
  log=$(mktemp)
  "$KUBERNETES_DIR/kubectl" --kubeconfig "$KUBECONFIG_ADMIN" port-forward pod/peers-1 :8080 >"$log" 2>&1 &
  pid=$!
  if await 10 grep -q Forwarding "$log"; then
    port=$(sed -n 's/^Forwarding from 127.0.0.1:\([0-9]*\).*/\1/p' "$log")
    if said peers-1 curl -sS --max-time 3 "http://127.0.0.1:$port"; then result=0; fi
  fi
  kill "$pid"
  wait "$pid" || true
  rm -f "$log"
  return "$result"
}

smoke_faults() {
  local node=$SMOKE_CLUSTER-n2 first=$SMOKE_CLUSTER-n1
  check "a cut node is missed" self cut-node "$node"
  check "… by Kubernetes" soon 60 not node_ready "$node"
  check "… and comes back when healed" self heal-node "$node"
  check "… for Kubernetes, too" soon 60 node_ready "$node"
  check "Services answer the host without the first node" without_node "$first"
  check "a node is crashed" self crash-node "$node"
  check "none of its processes are left" no_processes "$node"
  check "it starts again" self start-node "$node"
  check "… and its Pod, too" soon 90 pod_answers "$node"
  check "a node's kubelet and containerd are stopped" self stop-node "$node"
  check "… while its Pod answers" said peers- curl -sS --max-time 3 "http://$(pod_on "$node" '{.items[0].status.podIP}'):8080"
  check "… and started again" self start-node "$node"
  check "… and exec works" soon 60 pod_answers "$node"
  check "a frozen etcd lets the API server answer no read" frozen
  check "a dead control plane is repaired by up" repaired
  check "a deleted claim's folder goes" soon 60 volumes_gone
}

without_node() {
  self cut-node "$1"
  local result=0
  soon 40 said peers- curl -sS --max-time 2 "http://$(kube get service front -o jsonpath='{.spec.clusterIP}'):8080" || result=1
  self heal-node "$1"
  soon 60 node_ready "$1" && return "$result"
}

no_processes() { [[ -z $(cgroup_processes "$1")$(namespace_processes "$1") ]]; }

pod_on() { kube get pods --field-selector "spec.nodeName=$1" -o jsonpath="$2"; }

pod_answers() { said peers- probe "$(pod_on "$1" '{.items[0].metadata.name}')" get http://localhost:8080; }

all_ready() { [[ $(kube get statefulset peers -o jsonpath='{.status.readyReplicas}') == 3 && -z $(unready_nodes) ]]; }

frozen() {
  local result=0
  self freeze etcd
  if kube get --raw /readyz/etcd --request-timeout=3s; then result=1; fi
  self thaw etcd
  soon 20 kube get --raw /readyz/etcd && return "$result"
}

repaired() {
  local name
  for name in "${CONTROL_PLANE[@]}"; do stop_daemon "$name" KILL; done
  self up && all_ready
}

volumes_gone() {
  kube delete statefulset peers --ignore-not-found
  kube delete pvc --all --wait=false
  [[ -z $(ls -A "$UPM_STATE/tmp/hostpath_pv") ]]
}
