# shellcheck shell=bash

build_base() {
  local root
  root=$(root_fs "$BOOKWORM")
  publish base "$(fingerprint "$IMAGES/base" "$IMAGES/versions" "$IMAGES"/lib/{rootfs,image}.sh)" make_base "$root"
}

make_base() {
  local work=$1 root=$2
  mkdir "$work/context"
  ln "$root" "$work/context/root.tar"
  image "$work" "$IMAGES/base/Containerfile" "upm.local/base:$BOOKWORM"
}
