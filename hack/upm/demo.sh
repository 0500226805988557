# shellcheck shell=bash
# The UnitSet "demo": three MySQL units with semi-synchronous replication.

DEMO=demo
DEMO_TITLE='demo, three MySQL units'
DEMO_NAMESPACE=default
DEMO_USERS=(root replication monitor provision)
DEMO_DEADLINE=5m

do_demo() {
  make_demo_secret
  kube apply --server-side --field-manager=upm-up -f "$REPO/examples/demo.yaml"
  cli status "$DEMO" --namespace "$DEMO_NAMESPACE" --wait "$DEMO_DEADLINE"
}

# At most 32 characters, which is what a replication channel can keep. Made once and kept: the passwords are those that the databases were initialised with.
make_demo_secret() {
  local user
  if kube --namespace "$DEMO_NAMESPACE" get secret demo-secret >/dev/null 2>&1; then return; fi
  {
    printf 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: demo-secret\n  namespace: %s\n' "$DEMO_NAMESPACE"
    printf '  labels: {app.kubernetes.io/managed-by: upm-up}\nstringData:\n'
    for user in "${DEMO_USERS[@]}"; do printf '  %s: %s\n' "$user" "$(random_password)"; done
  } | kube create -f -
}

random_password() { od -An -N12 -tx1 /dev/urandom | tr -d ' \n'; }

# In the Pod, where the client and the mounted Secret are; the password goes from file to client by a pipe.
mysql_words() {
  cat <<TEXT
$(kubectl_words) exec -it -n $DEMO_NAMESPACE $DEMO-0 -c mysql -- bash -c \\
  'mysql --defaults-extra-file=<(printf "[client]\nuser=root\npassword=%s\n" "\$(</SECRET_MOUNT/root)") -h $DEMO-readwrite'
TEXT
}
