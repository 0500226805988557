# shellcheck shell=bash

run_down() {
  local purge=0
  case ${1:-} in
    "") ;;
    --purge) purge=1 ;;
    *) die "down: unknown option $1" ;;
  esac
  if [[ $UPM_CLUSTER != "$(tests_cluster)" ]]; then remove_tests; fi
  remove_own
  if ((FOREIGN)); then remove_from_foreign_cluster; fi
  if ((purge)); then purge; fi
}

# What is on this machine.
remove_own() {
  all_control_planes down
  remove_containers
  if ((!FOREIGN)); then node down; fi
}

remove_tests() {
  env -u UPM_STATE -u UPM_OCTET -u KUBECONFIG UPM_CLUSTER="$(tests_cluster)" "$REPO/upm" down ||
    note "what belongs to the tests stays"
}

# What the tests' containers left: the socket, its network and state.
remove_containers() {
  [[ $UPM_CLUSTER == upmtest ]] || return 0
  if [[ -e /run/upm-podman.sock || -d $UPM_CACHE/podman ]]; then "$REPO/images/podman-setup" down; fi
}

purge() {
  if ((FOREIGN)); then
    rm -rf --one-file-system "$UPM_CACHE"
  else
    node down --purge
  fi
  rm -f "$JAVA_STAMP"
  note "the caches are gone"
}

# Only what "up" made there.
remove_from_foreign_cluster() {
  if kube get crd unitsets.upm.syntropycloud.io >/dev/null 2>&1; then
    kube --namespace "$DEMO_NAMESPACE" delete unitsets.upm.syntropycloud.io "$DEMO" --ignore-not-found --timeout=180s
  fi
  kube --namespace "$DEMO_NAMESPACE" delete pvc --selector "unit-operator/unitset.name=$DEMO" --ignore-not-found
  kube --namespace "$DEMO_NAMESPACE" delete secret --selector app.kubernetes.io/managed-by=upm-up --ignore-not-found
  if helm status "$RELEASE" --namespace "$SYSTEM" >/dev/null 2>&1; then
    helm uninstall "$RELEASE" --namespace "$SYSTEM" --wait
  fi
  kube delete namespace --selector app.kubernetes.io/managed-by=upm-up --ignore-not-found
  remove_unused_crds
}

# CRDs stay while anything of their kind is left: with them all of it would go.
remove_unused_crds() {
  local crd
  for crd in $(kube get crd --output name | grep '\.upm\.syntropycloud\.io$' || true); do
    if [[ -z $(kube get "${crd##*/}" --all-namespaces --output name) ]]; then
      kube delete "$crd"
    else
      note "${crd##*/} stays: there are objects of it"
    fi
  done
}
