# shellcheck shell=bash

RUNTIME_MODULES=java.se,jdk.crypto.ec,jdk.httpserver,jdk.jcmd,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs
# What Java needs; no shell among it.
RUNTIME_PACKAGES=(base-files libc6 libcrypt1 tzdata)

build_runtime() {
  local taken=$SNAPSHOTS/runtime
  take_built "$REPO/upm-runtime/target" upm-runtime.jar "$taken"
  [[ -n $(ls "$taken/plugins") ]] || note "runtime: no plugin is built, so none is in the image"
  publish runtime "$(fingerprint "$IMAGES"/runtime/{build.sh,Containerfile} "$IMAGES"/lib/{image,java,rootfs}.sh \
    "$(jdk)/release" "$taken" "=$(project_version)")" make_runtime "$taken"
}

make_runtime() {
  local work=$1 taken=$2 archive runtime
  archive=$(root_fs "$BOOKWORM")
  runtime=$(jre "$RUNTIME_MODULES")
  mkdir -p "$work/context/app/opt/upm"
  cp -r "$taken/lib" "$taken/plugins" "$work/context/app/opt/upm/"
  cp -a "$runtime" "$work/context/jre"
  # The shared archive of the JDK's own classes that fits the flags of the entry point.
  "$work/context/jre/bin/java" -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xshare:dump >"$work/cds.log"
  settle_times "$work/context"
  runtime_root "$work" "$archive"
  image "$work" "$IMAGES/runtime/Containerfile" "upm.local/upm-runtime:$(project_version)"
}

runtime_root() {
  local work=$1 full=$1/full root=$1/root
  unpack "$2" "$full"
  mkdir -p "$root"/{usr/lib,usr/lib64,dev,proc,sys,run,etc}
  ln -s usr/lib "$root/lib"
  ln -s usr/lib64 "$root/lib64"
  install -d -m 1777 "$root/tmp"
  files_of "$full" "${RUNTIME_PACKAGES[@]}" | tar --numeric-owner -C "$full" -cf - --files-from=- |
    tar --numeric-owner -xpf - -C "$root" --keep-directory-symlink
  # So that scanners know what is in the image.
  mkdir -p "$root/var/lib/dpkg/status.d"
  local package
  for package in "${RUNTIME_PACKAGES[@]}"; do
    chroot "$full" dpkg-query --status "$package" >"$root/var/lib/dpkg/status.d/$package"
  done
  echo 'root:x:0:0:root:/root:/sbin/nologin' >"$root/etc/passwd"
  echo 'upm:x:65532:65532:upm:/tmp:/sbin/nologin' >>"$root/etc/passwd"
  printf 'root:x:0:\nupm:x:65532:\n' >"$root/etc/group"
  echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
  pack "$root" "$work/context/root.tar"
}

# files_of ROOT PACKAGE…: the files and links of these packages, one a line.
files_of() {
  local root=$1 path
  shift
  chroot "$root" dpkg --listfiles "$@" | sort -u | while read -r path; do
    if [[ $path == /* && (-L $root$path || -f $root$path) ]]; then
      echo ".$path"
    fi
  done
}
