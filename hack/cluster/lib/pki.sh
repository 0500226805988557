# shellcheck shell=bash
# Certificates and kubeconfigs. RSA, as some Java clients can't read other keys.

make_pki() {
  mkdir -p "$PKI"
  chmod 700 "$PKI"
  authority ca
  authority front-proxy-ca
  if [[ ! -s $PKI/service-account.key ]]; then
    openssl genrsa -out "$PKI/service-account.tmp" 2048 2>/dev/null
    mv "$PKI/service-account.tmp" "$PKI/service-account.key"
  fi
  certificate ca apiserver /CN=kube-apiserver \
    "IP:$HOST_ADDRESS,IP:$SERVICE_API,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local"
  certificate ca apiserver-kubelet /O=system:masters/CN=kube-apiserver-kubelet
  certificate front-proxy-ca front-proxy /CN=front-proxy
  local component
  for component in kube-controller-manager kube-scheduler kube-proxy coredns; do
    certificate ca "$component" "/CN=system:$component"
    kubeconfig "$component" >"$UPM_STATE/$component.kubeconfig"
  done
  certificate ca admin /O=system:masters/CN=admin
  if [[ ! -s $KUBECONFIG_ADMIN ]]; then
    # Written later, when the cluster can be used: others wait for this file.
    (umask 077 && kubeconfig admin >"$UPM_STATE/admin.kubeconfig")
  fi
}

authority() {
  [[ -s $PKI/$1.crt ]] && return
  openssl req -x509 -newkey rsa:2048 -noenc -days 3650 -subj "/CN=$UPM_CLUSTER-$1" -keyout "$PKI/$1.key" -out "$PKI/$1.tmp" \
    -config <(printf '[req]\ndistinguished_name=d\nx509_extensions=e\n[d]\n[e]\nbasicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\nkeyUsage=critical,keyCertSign,digitalSignature\n') 2>/dev/null
  mv "$PKI/$1.tmp" "$PKI/$1.crt"
}

# certificate AUTHORITY NAME SUBJECT [ALTERNATIVE-NAMES]: good for clients and, with alternative names, for servers.
certificate() {
  local authority=$1 name=$2 subject=$3 names=${4:-}
  [[ -s $PKI/$name.crt ]] && return
  local usage=clientAuth
  if [[ -n $names ]]; then usage+=",serverAuth"$'\n'"subjectAltName=$names"; fi
  openssl req -x509 -CA "$PKI/$authority.crt" -CAkey "$PKI/$authority.key" -newkey rsa:2048 -noenc -days 3650 \
    -subj "$subject" -keyout "$PKI/$name.key" -out "$PKI/$name.tmp" \
    -config <(printf '[req]\ndistinguished_name=d\nx509_extensions=e\n[d]\n[e]\nbasicConstraints=critical,CA:FALSE\nauthorityKeyIdentifier=keyid\nkeyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=%s\n' "$usage") 2>/dev/null
  mv "$PKI/$name.tmp" "$PKI/$name.crt"
}

kubeconfig() {
  cat <<YAML
apiVersion: v1
kind: Config
clusters:
- name: $UPM_CLUSTER
  cluster:
    server: $API_URL
    certificate-authority-data: $(base64 -w0 "$PKI/ca.crt")
users:
- name: $1
  user:
    client-certificate-data: $(base64 -w0 "$PKI/$1.crt")
    client-key-data: $(base64 -w0 "$PKI/$1.key")
contexts:
- name: $UPM_CLUSTER
  context:
    cluster: $UPM_CLUSTER
    user: $1
current-context: $UPM_CLUSTER
YAML
}
