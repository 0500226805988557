# shellcheck shell=bash

# root_fs SUITE: prints the path of a tar of Debian's minimal system, made once.
root_fs() {
  local suite=$1 target
  target=$UPM_CACHE/rootfs/$suite-$(fingerprint "$IMAGES/lib/rootfs.sh").tar
  once "$target" make_root_fs "$suite"
  echo "$target"
}

make_root_fs() {
  local work=$1 suite=$2
  debootstrap --variant=minbase "$suite" "$work/root" "$(debian_mirror)" >"$work/log" || {
    tail -n 20 "$work/log" "$work/root/debootstrap/debootstrap.log" >&2
    return 1
  }
  printf 'path-exclude=/usr/share/%s/*\n' doc man info locale >"$work/root/etc/dpkg/dpkg.cfg.d/slim"
  slim "$work/root"
  pack "$work/root" "$work/out"
}

# The mirror that this machine's own apt uses.
debian_mirror() {
  local codename mirror=${UPM_DEBIAN_MIRROR:-}
  if [[ -z $mirror ]]; then
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    # shellcheck disable=SC2016 # apt's own placeholders
    mirror=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
      awk -v codename="$codename" '$1 == codename && $2 == "main" && /debian\/?$/ { print $3; exit }')
  fi
  [[ -n $mirror ]] || die "no Debian mirror in this machine's apt sources: set UPM_DEBIAN_MIRROR"
  echo "$mirror"
}

# slim ROOT: without documentation, package lists and whatever names this machine or its mirror; licences stay.
slim() (
  cd "$1" || return
  find usr/share/doc -mindepth 1 ! -type d ! -name copyright -delete
  find usr/share/doc -mindepth 1 -type d -empty -delete
  rm -rf usr/share/{man,info,locale,lintian,bash-completion,gcc,common-licenses/GFDL*}
  rm -rf var/cache/{apt,debconf}/* var/lib/apt/lists/* var/log/* tmp/* run/*
  rm -f etc/{hostname,resolv.conf} etc/machine-id var/lib/dpkg/*-old
)

unpack() {
  mkdir -p "$2"
  tar --numeric-owner -xpf "$1" -C "$2"
}

# Devices stay out: every container runtime brings its own.
pack() {
  tar --numeric-owner --sort=name --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' \
    --exclude=./etc/apt/sources.list -C "$1" -cf "$2" .
}

# install_packages ROOT SUITE PACKAGE…
install_packages() {
  local root=$1 suite=$2
  shift 2
  printf 'deb %s %s main\n' "$(debian_mirror)" "$suite" >"$root/etc/apt/sources.list"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  # As strict about the age of a mirror as this machine is.
  apt-config dump | grep '^Acquire::Check-' >"$root/etc/apt/apt.conf.d/machine" || true
  # No service starts, whatever a package's scripts want.
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  in_root "$root" sh -ec '
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update
    apt-get -qq install -y --no-install-recommends "$@" </dev/null
  ' sh "$@" >"$root.log" 2>&1 || {
    tail -n 20 "$root.log" >&2
    return 1
  }
  rm "$root/usr/sbin/policy-rc.d" "$root/etc/apt/apt.conf.d/machine"
  slim "$root"
}
