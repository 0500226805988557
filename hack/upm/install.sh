# shellcheck shell=bash
# UPM in the cluster.

do_load() {
  local name
  for name in agent runtime mysql-8.0; do load_archive "$(archive_of "$name")"; done
}

do_install() {
  # Helm installs CRDs only once; applied this way they are upgraded, too.
  kube apply --server-side --force-conflicts --field-manager=upm-up -f "$REPO/crds"
  make_system_namespace
  forget_interrupted_release
  write_values >"$LOGS/values.yaml"
  echo "> helm upgrade"
  helm upgrade --install "$RELEASE" "$REPO/charts/upm" --namespace "$SYSTEM" --skip-crds --values "$LOGS/values.yaml"
  echo "> waiting for the runtime"
  if ! runtime_ready; then
    why_not_ready
    return 1
  fi
}

# Gives up early on a runtime that keeps ending.
runtime_ready() {
  local deadline=$((SECONDS + 180)) before
  before=$(restarts)
  until kube --namespace "$SYSTEM" rollout status deployment/upm-runtime --timeout=5s; do
    if (($(restarts) >= before + 3 || SECONDS >= deadline)); then return 1; fi
  done
}

# Of the Pods of the newest image; those that are being replaced may be broken.
restarts() {
  kube --namespace "$SYSTEM" get pods --selector app.kubernetes.io/name=upm-runtime --output \
    jsonpath='{range .items[*]}{.metadata.annotations.upm\.syntropycloud\.io/image-archive}{" "}{.status.containerStatuses[0].restartCount}{"\n"}{end}' |
    awk -v archive="$(basename "$(archive_of runtime)" .tar)" '$1 == archive { n += $2 } END { print n + 0 }'
}

# Marked, so that "down" knows whether the namespace is ours.
make_system_namespace() {
  if kube get namespace "$SYSTEM" >/dev/null 2>&1; then return; fi
  kube create -f - <<YAML
apiVersion: v1
kind: Namespace
metadata:
  name: $SYSTEM
  labels:
    app.kubernetes.io/managed-by: upm-up
    pod-security.kubernetes.io/enforce: restricted
YAML
}

# A Helm that was killed leaves a record that makes the next one refuse; the lock says that no other is at work.
forget_interrupted_release() {
  local status
  for status in pending-install pending-upgrade pending-rollback uninstalling; do
    kube --namespace "$SYSTEM" delete secret --selector "owner=helm,name=$RELEASE,status=$status" --ignore-not-found
  done
}

write_values() {
  local runtime name
  runtime=$(archive_of runtime)
  # The archive's name holds a digest: another image means other Pods, though its reference stays.
  cat <<YAML
image: {reference: "$(image_reference "$runtime")"}
agentImage: {reference: "$(image_reference "$(archive_of agent)")"}
podAnnotations: {upm.syntropycloud.io/image-archive: "$(basename "$runtime" .tar)"}
imageOverrides:
  mysql:
YAML
  for name in mysql-8.0 mysql-9.7; do
    if [[ -s $LOGS/$name.archive ]]; then override "$(image_reference "$(archive_of "$name")")"; fi
  done
  # The documented examples' version, which no package registry has, runs on the nearest one that can be had.
  if [[ -s $LOGS/mysql-8.0.archive ]]; then override "$(image_reference "$(archive_of mysql-8.0)")" 8.0.41; fi
  # Who writes a plugin tries it from a registry on this machine, which only this machine and its nodes reach.
  if ((!FOREIGN)); then printf 'plugins: {unencryptedRegistries: ["%s"]}\n' "$HOST_ADDRESS:5000"; fi
}

# override REFERENCE [VERSION]: for that version, or for the one that is its tag.
override() { printf '    "%s": "%s"\n' "${2:-${1##*:}}" "$1"; }

why_not_ready() {
  kube --namespace "$SYSTEM" get pods --output wide
  kube --namespace "$SYSTEM" get events --sort-by=.lastTimestamp | tail -n 10
  kube --namespace "$SYSTEM" logs --selector app.kubernetes.io/name=upm-runtime --tail=10 --prefix || true
}
