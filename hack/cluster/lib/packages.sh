# shellcheck shell=bash
# Debian packages, installed only where missing; no service of theirs is started or enabled.

PACKAGES=(containerd runc containernetworking-plugins iptables conntrack ipset socat
  buildah debootstrap iproute2 util-linux procps openssl curl ca-certificates)

install_packages() {
  local missing=() package
  for package in "${PACKAGES[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  ((${#missing[@]})) || { note "packages: all there"; return; }
  note "packages: installing ${missing[*]}"
  (
    guard_services
    trap unguard_services EXIT
    # The package lists may be old or missing.
    apt_install "${missing[@]}" || { apt-get update -q >/dev/null && apt_install "${missing[@]}"; } ||
      { tail -20 "$UPM_CACHE/packages.log" >&2; exit 1; }
    if [[ " ${missing[*]} " == *" containerd "* ]] && command -v systemctl >/dev/null; then
      systemctl disable --quiet containerd
    fi
  )
}

apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=600 "$@" \
    >"$UPM_CACHE/packages.log" 2>&1
}

POLICY=/usr/sbin/policy-rc.d

# A policy that is already there is the machine's own choice and stays.
guard_services() {
  [[ -e $POLICY ]] && return
  printf '#!/bin/sh\n# upm-cluster\nexit 101\n' >"$POLICY"
  chmod 755 "$POLICY"
}

unguard_services() {
  if grep -qs '^# upm-cluster$' "$POLICY"; then rm -f "$POLICY"; fi
}
