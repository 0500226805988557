# shellcheck shell=bash
# The control plane: processes on the host.

# shellcheck disable=SC2034
CONTROL_PLANE=(etcd kube-apiserver kube-controller-manager kube-scheduler coredns open-volumes grow-volumes)

kube() { "$KUBERNETES_DIR/kubectl" --kubeconfig "$UPM_STATE/admin.kubeconfig" "$@"; }

api_ready() {
  curl -sf --noproxy '*' -o /dev/null --max-time 2 --cacert "$PKI/ca.crt" --cert "$PKI/admin.crt" --key "$PKI/admin.key" "$API_URL/readyz"
}

start_etcd() {
  # No fsync: a cluster for tests may lose its state when the machine does, and a busy disk must not slow it.
  daemon etcd "$ETCD_DIR/etcd" --name=default --data-dir="$UPM_STATE/etcd" --unsafe-no-fsync --log-level=warn \
    --listen-client-urls="http://$LOOPBACK:2379" --advertise-client-urls="http://$LOOPBACK:2379" \
    --listen-peer-urls="http://$LOOPBACK:2380" --initial-advertise-peer-urls="http://$LOOPBACK:2380" \
    --initial-cluster="default=http://$LOOPBACK:2380"
}

start_apiserver() {
  local audit=()
  if [[ -n ${UPM_AUDIT_POLICY:-} ]]; then
    audit=(--audit-policy-file="$UPM_AUDIT_POLICY" --audit-log-path="$UPM_STATE/logs/audit.log" --audit-log-maxsize=10000)
  fi
  daemon kube-apiserver "$KUBERNETES_DIR/kube-apiserver" \
    --bind-address="$HOST_ADDRESS" --advertise-address="$HOST_ADDRESS" --secure-port=6443 \
    --etcd-servers="http://$LOOPBACK:2379" --service-cluster-ip-range="$SERVICE_RANGE" \
    --tls-cert-file="$PKI/apiserver.crt" --tls-private-key-file="$PKI/apiserver.key" --client-ca-file="$PKI/ca.crt" \
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged \
    --service-account-issuer=https://kubernetes.default.svc.cluster.local \
    --service-account-key-file="$PKI/service-account.key" --service-account-signing-key-file="$PKI/service-account.key" \
    --kubelet-preferred-address-types=InternalIP --kubelet-certificate-authority="$PKI/ca.crt" \
    --kubelet-client-certificate="$PKI/apiserver-kubelet.crt" --kubelet-client-key="$PKI/apiserver-kubelet.key" \
    --requestheader-client-ca-file="$PKI/front-proxy-ca.crt" --requestheader-allowed-names=front-proxy \
    --requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group \
    --requestheader-extra-headers-prefix=X-Remote-Extra- \
    --proxy-client-cert-file="$PKI/front-proxy.crt" --proxy-client-key-file="$PKI/front-proxy.key" \
    --enable-aggregator-routing "${audit[@]}"
  # Aggregator routing: webhooks are called at their Pods' addresses, whichever node the host's Service route uses.
}

start_controller_manager() {
  # Runs where /tmp is the nodes' /tmp: it makes the hostPath volumes.
  make_mounts control-plane "$UPM_STATE/control-plane"
  daemon kube-controller-manager nsenter --mount="$UPM_STATE/mounts/control-plane" -- \
    "$KUBERNETES_DIR/kube-controller-manager" --kubeconfig="$UPM_STATE/kube-controller-manager.kubeconfig" \
    --authentication-kubeconfig="$UPM_STATE/kube-controller-manager.kubeconfig" \
    --authorization-kubeconfig="$UPM_STATE/kube-controller-manager.kubeconfig" \
    --bind-address="$LOOPBACK" --cert-dir="$UPM_STATE/control-plane" --leader-elect=false --use-service-account-credentials \
    --service-account-private-key-file="$PKI/service-account.key" --root-ca-file="$PKI/ca.crt" \
    --cluster-signing-cert-file="$PKI/ca.crt" --cluster-signing-key-file="$PKI/ca.key" \
    --enable-hostpath-provisioner --kube-api-qps=200 --kube-api-burst=400 --node-monitor-grace-period="$UPM_NODE_GRACE"
}

start_open_volumes() {
  mkdir -p "$UPM_STATE/tmp/hostpath_pv"
  daemon open-volumes "$OWN_DIR/open-volumes" "$UPM_STATE/tmp/hostpath_pv"
}

start_grow_volumes() {
  daemon grow-volumes "$HERE/grow-volumes" "$KUBERNETES_DIR/kubectl" "$UPM_STATE/admin.kubeconfig"
}

start_scheduler() {
  daemon kube-scheduler "$KUBERNETES_DIR/kube-scheduler" --kubeconfig="$UPM_STATE/kube-scheduler.kubeconfig" \
    --authentication-kubeconfig="$UPM_STATE/kube-scheduler.kubeconfig" \
    --authorization-kubeconfig="$UPM_STATE/kube-scheduler.kubeconfig" \
    --bind-address="$LOOPBACK" --cert-dir="$UPM_STATE/control-plane" --leader-elect=false
}

# On the host rather than in a Pod: names resolve whichever nodes are lost, and for the host too.
start_coredns() {
  cat >"$UPM_STATE/Corefile" <<CONF
cluster.local in-addr.arpa ip6.arpa {
  bind $HOST_ADDRESS
  errors
  ready $LOOPBACK:8181
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    kubeconfig $UPM_STATE/coredns.kubeconfig
    pods insecure
    ttl 5
  }
}
# There is no world outside to ask.
. {
  bind $HOST_ADDRESS
  errors
  template ANY ANY {
    rcode NXDOMAIN
  }
}
CONF
  daemon coredns "$COREDNS_DIR/coredns" -conf "$UPM_STATE/Corefile"
}

coredns_ready() { curl -sf --noproxy '*' -o /dev/null --max-time 2 "http://$LOOPBACK:8181/ready"; }

apply_addons() {
  kube apply --server-side -f - >>"$UPM_STATE/logs/addons.log" 2>&1 <<YAML
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: host-path
  annotations: {storageclass.kubernetes.io/is-default-class: "true"}
provisioner: kubernetes.io/host-path
reclaimPolicy: Delete
volumeBindingMode: Immediate
---
# The name that UPM's documented examples ask for.
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: standard}
provisioner: kubernetes.io/host-path
reclaimPolicy: Delete
volumeBindingMode: Immediate
---
# Its volumes can grow, see grow-volumes.
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: growing}
provisioner: kubernetes.io/host-path
reclaimPolicy: Delete
volumeBindingMode: Immediate
allowVolumeExpansion: true
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: upm-cluster:coredns}
rules:
- {apiGroups: [""], resources: [services, pods, namespaces, endpoints], verbs: [list, watch]}
- {apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [list, watch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: upm-cluster:coredns}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: upm-cluster:coredns}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: system:coredns}]
---
apiVersion: v1
kind: Service
metadata: {name: kube-dns, namespace: kube-system, labels: {k8s-app: kube-dns}}
spec:
  clusterIP: $SERVICE_DNS
  ports:
  - {name: dns, port: 53, protocol: UDP}
  - {name: dns-tcp, port: 53, protocol: TCP}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: kube-dns-host
  namespace: kube-system
  labels: {kubernetes.io/service-name: kube-dns, endpointslice.kubernetes.io/managed-by: upm-cluster}
addressType: IPv4
endpoints:
- {addresses: ["$HOST_ADDRESS"], conditions: {ready: true}}
ports:
- {name: dns, port: 53, protocol: UDP}
- {name: dns-tcp, port: 53, protocol: TCP}
YAML
}
