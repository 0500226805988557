# shellcheck shell=bash

# image WORK CONTAINERFILE REF [OPTION…]: builds in WORK/context and leaves a docker archive at WORK/out.
image() {
  local work=$1 containerfile=$2 ref=$3
  shift 3
  # A store of its own, and vfs, which needs no mount: nothing to clean up but the work folder.
  local store=(--root "$work/storage" --runroot "$work/runroot" --storage-driver vfs)
  buildah "${store[@]}" build --quiet --isolation chroot --layers --pull-never \
    --signature-policy "$IMAGES/lib/policy.json" --file "$containerfile" --tag "$ref" "$@" "$work/context" >&2
  buildah "${store[@]}" push --quiet --signature-policy "$IMAGES/lib/policy.json" \
    "$ref" "docker-archive:$work/out:$ref" >&2
}

# archive_ref ARCHIVE: the reference of the image in it.
archive_ref() { tar -xOf "$1" manifest.json | grep -o 'upm\.local/[^"]*'; }

# unpack_image ARCHIVE DIR: the root file system of the image in it.
unpack_image() {
  local archive=$1 dir=$2 layer
  mkdir -p "$dir"
  for layer in $(tar -xOf "$archive" manifest.json | grep -oP '"Layers":\[\K[^]]*' | tr -d '"' | tr ',' ' '); do
    tar -xOf "$archive" "$layer" | tar --numeric-owner -xpf - -C "$dir"
  done
}
