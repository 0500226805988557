# shellcheck shell=bash
# A node sees its own /run, /tmp, /var/lib and /var/log. Programs can use their usual paths there, nothing of it shows on
# the host, and all mounts go when the mount namespace does.

in_mounts() {
  local name=$1
  shift
  nsenter --mount="$UPM_STATE/mounts/$name" -- "$@"
}

has_mounts() { [[ $(stat -f -c %T "$UPM_STATE/mounts/$1" 2>/dev/null) == nsfs ]]; }

# make_mounts NAME FOLDER: FOLDER holds what NAME sees as /run, /var/lib and /var/log.
make_mounts() {
  local name=$1 folder=$2
  if has_mounts "$name"; then return; fi
  mkdir -p "$UPM_STATE/mounts" "$folder"/var/{lib,log}
  rm -rf "$folder/run"
  mkdir -p "$folder/run" "$UPM_STATE/tmp"
  chmod 1777 "$UPM_STATE/tmp"
  # A namespace can only be pinned to a file on a mount that is private.
  if ! mountpoint -q "$UPM_STATE/mounts"; then
    mount --bind "$UPM_STATE/mounts" "$UPM_STATE/mounts"
    mount --make-private "$UPM_STATE/mounts"
  fi
  : >>"$UPM_STATE/mounts/$name"
  unshare --mount="$UPM_STATE/mounts/$name" --propagation private bash -euc "
    $(declare -f replace_folder)
    KEEP=(\"\$@\")
    # /tmp is common to the whole cluster: kube-controller-manager makes the hostPath volumes in it.
    replace_folder /tmp '$UPM_STATE/tmp'
    replace_folder /run '$folder/run'
    replace_folder /var/log '$folder/var/log'
    replace_folder /var/lib '$folder/var/lib'
    # Shared within, so that a CSI driver's Pod can hand mounts to the kubelet.
    mount --make-rshared /
  " -- "$UPM_STATE" "$UPM_CACHE"
}

# replace_folder TARGET SOURCE, from within the namespace. The state and the cache stay visible if they are under TARGET.
replace_folder() {
  local target=$1 source=$2 kept
  mount --bind "$source" "$source"
  for kept in "${KEEP[@]}"; do
    if [[ $kept == "$target"/* ]]; then
      mkdir -p "$source/${kept#"$target"/}"
      mount --bind "$kept" "$source/${kept#"$target"/}"
    fi
  done
  mount --rbind "$source" "$target"
}
