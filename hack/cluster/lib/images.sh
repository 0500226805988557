# shellcheck shell=bash

# The socket as the host sees it; the node sees it under /run/containerd.
containerd_socket() { echo "$(node_dir "$1")/run/containerd/containerd.sock"; }

node_ctr() {
  local node=$1
  shift
  ctr --address "$(containerd_socket "$node")" --namespace k8s.io "$@"
}

# Lines "NAME DIGEST".
node_images() { node_ctr "$1" images ls | awk 'NR > 1 { print $1, $3 }'; }

# load_image ARCHIVE NODE…: imports, except where the same archive was imported and its names still mean the same.
load_image() {
  local archive=$1 sum node imported
  shift
  [[ -r $archive ]] || die "no such file: $archive"
  sum=$(sha256sum "$archive" | cut -d' ' -f1)
  for node in "$@"; do
    imported=$(node_dir "$node")/images/$sum
    if has_images "$node" "$imported"; then
      note "$node: ${archive##*/} is there"
      continue
    fi
    mkdir -p "${imported%/*}"
    node_ctr "$node" images import "$archive" | sed -n 's/^unpacking \([^ ]*\) (\(sha256:[0-9a-f]*\)).*/\1 \2/p' >"$imported.tmp"
    [[ -s $imported.tmp ]] || die "no named image in $archive"
    mv "$imported.tmp" "$imported"
    note "$node: loaded $(cut -d' ' -f1 "$imported" | xargs)"
  done
}

tag_image() {
  local node
  for node in $(nodes); do node_ctr "$node" images tag --force "$1" "$2" >/dev/null; done
}

# has_images NODE FILE: whether the node has every "NAME DIGEST" of the file.
has_images() {
  [[ -s $2 ]] && [[ -z $(comm -23 <(sort -u "$2") <(node_images "$1" | sort -u)) ]]
}

# A node that joins later gets what was loaded into the others.
copy_images() {
  local from=$1 to=$2 names=()
  mapfile -t names < <(cat "$(node_dir "$from")"/images/* 2>/dev/null | cut -d' ' -f1 | sort -u)
  ((${#names[@]})) || return 0
  node_ctr "$from" images export - "${names[@]}" | node_ctr "$to" images import - >/dev/null
  mkdir -p "$(node_dir "$to")/images"
  cp "$(node_dir "$from")"/images/* "$(node_dir "$to")/images/"
}
