# shellcheck shell=bash
# Sourced by the benchmarks: the cluster that ./upm uses, and what they have in common.

REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
note() { printf '%s\n' "$*" >&2; }
die() { note "error: $*"; exit 1; }
# shellcheck disable=SC2034 # for config.sh
HERE=$REPO/hack/cluster
# shellcheck source=/dev/null
for file in hack/cluster/{versions.env,lib/config.sh} hack/upm/cluster.sh; do . "$REPO/$file"; done
choose_cluster

# milliseconds: since some fixed time.
milliseconds() { local now=$EPOCHREALTIME; echo "${now%.*}$(cut -c1-3 <<<"${now#*.}")"; }

# quantiles NAME UNIT: of the numbers on standard input, one a line.
quantiles() {
  sort -n | awk -v name="$1" -v unit="$2" '
    { v[NR] = $1 }
    END { printf "%s: median %s %s, least %s, most %s, of %d\n", name, v[int((NR + 1) / 2)], unit, v[1], v[NR], NR }'
}

# Without names: what matters for the figures.
machine() {
  echo "$(nproc) CPUs, $(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo), Linux $(uname -r | cut -d. -f1,2)"
}
