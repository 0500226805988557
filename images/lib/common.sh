# shellcheck shell=bash

UPM_CACHE=${UPM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/upm}
# Older archives of the same name go, or every change of a jar would leave an image behind.
KEEP_ARCHIVES=3

note() { printf '[images] %s\n' "$*" >&2; }

die() {
  note "$*"
  exit 1
}

need() {
  local program
  for program; do
    command -v "$program" >/dev/null || die "$program is not installed"
  done
}

# fingerprint PATH|=TEXT…: 16 digits over the contents of files and folders, wherever they lie, and over texts.
fingerprint() {
  local path
  for path; do
    if [[ $path == =* ]]; then
      echo "$path"
    elif [[ -d $path ]]; then
      (cd "$path" && find . -type f -print0 | sort -z | xargs -0r sha256sum)
    else
      sha256sum <"$path"
    fi
  done | sha256sum | cut -c1-16
}

# once TARGET FUNCTION ARG…: unless TARGET is there, has FUNCTION make WORK/out, which becomes TARGET in one rename.
once() {
  local target=$1 function=$2
  shift 2
  [[ ! -e $target ]] || return 0
  mkdir -p "${target%/*}" "$UPM_CACHE/locks" "$UPM_CACHE/work"
  (
    exec {lock}>"$UPM_CACHE/locks/${target##*/}"
    flock "$lock"
    [[ ! -e $target ]] || exit 0
    work=$(mktemp -d "$UPM_CACHE/work/XXXXXX")
    # One file system: whatever is still mounted below is not ours to delete.
    trap 'rm -rf --one-file-system "$work"' EXIT
    start=$SECONDS
    note "making ${target##*/}"
    "$function" "$work" "$@"
    mv "$work/out" "$target"
    note "made ${target##*/} in $((SECONDS - start)) s, $(du -sh "$target" | cut -f1)"
  )
}

# forget_older NAME: but none that was asked for within the hour, which another checkout may be about to load.
forget_older() {
  local name=$1
  find "$UPM_CACHE/images" -maxdepth 1 -name "$name-????????????????.tar" -printf '%T@ %p\n' |
    sort -rn | tail -n "+$((KEEP_ARCHIVES + 1))" |
    awk -v since="$(($(date +%s) - 3600))" '$1 < since { sub(/^[^ ]* /, ""); print }' | xargs -r -d '\n' rm -f
}
