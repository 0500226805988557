# shellcheck shell=bash

run_up() {
  local nodes=1 cold
  while (($#)); do
    case $1 in
      --nodes) nodes=${2:?--nodes N}; shift 2 ;;
      *) die "up: unknown option $1" ;;
    esac
  done
  find_tools
  NODES=$nodes
  cold=$(missing_builds)
  declare_up
  step demo "$DEMO_TITLE" install
  run_steps "$(new_logs up)"
  [[ -z $STEP_FAILED ]] || die "up: not finished; run it again to go on from there"
  show_demo
  echo
  echo "up in $(duration "$SECONDS"), ${cold:-warm: nothing had to be built}"
}

declare_build() {
  step packages "Debian packages"
  step programs "Kubernetes programs" packages
  step java "UPM"
  step engine "MySQL image" packages
  step images "UPM's images" "packages java"
}

# declare_up [STEP]: STEP comes before the installation.
declare_up() {
  declare_build
  if ((FOREIGN)); then
    step load "images into the cluster" "programs engine images"
  else
    step node "Kubernetes node" programs
    step load "images into the node" "node engine images"
  fi
  if (($#)); then step "$1" "MySQL's newest image" load; fi
  step install "UPM into the cluster" "${1:-load}"
}

run_build() {
  (($# == 0)) || die "build: unknown option $1"
  find_tools
  declare_build
  run_steps "$(new_logs build)"
  [[ -z $STEP_FAILED ]] || die "build: not finished"
}

do_node() { node up --nodes "$NODES"; }

# What says afterwards why it took so long.
missing_builds() {
  local missing=()
  if ! cluster_programs_there; then missing+=("Kubernetes programs"); fi
  if ! java_is_built; then missing+=(UPM); fi
  if ! compgen -G "$UPM_CACHE/images/runtime-*.tar" >/dev/null; then missing+=(images); fi
  if ((${#missing[@]})); then
    local IFS=,
    echo "cold: built ${missing[*]//,/, }"
  fi
}

# A folder for each run; the last ten are kept.
new_logs() {
  local logs
  logs=$UPM_CACHE/logs/$(date +%Y%m%d-%H%M%S)-$1
  mkdir -p "$logs"
  find "$UPM_CACHE/logs" -mindepth 1 -maxdepth 1 -type d | sort -r | tail -n +11 | xargs -r rm -rf
  echo "$logs"
}

show_demo() {
  echo
  # A moment that isn't well is not the end of what was well before.
  cli status "$DEMO" --namespace "$DEMO_NAMESPACE" --wait 1m
  echo
  echo "To look in:"
  echo
  mysql_words
}
