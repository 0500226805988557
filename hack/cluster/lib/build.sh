# shellcheck shell=bash
# Builds every program from its Go module, once per version, into $UPM_CACHE/bin.

KUBERNETES_PROGRAMS=(kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy kubectl)

build_all() { alone build build_missing; }

build_missing() {
  build_one "$KUBERNETES_DIR" "${KUBERNETES_PROGRAMS[*]}" build_kubernetes
  build_one "$ETCD_DIR" etcd build_etcd
  build_one "$COREDNS_DIR" coredns build_coredns
  build_one "$HELM_DIR" helm build_helm
  build_one "$OWN_DIR" "pause.tar probe.tar probe open-volumes" build_own
}

# What only benchmarks need; nobody who brings up a cluster waits for it.
build_kwok_if_missing() { build_one "$KWOK_DIR" kwok build_kwok; }

# What only tests need.
build_registry_if_missing() { build_one "$REGISTRY_DIR" registry build_registry; }
build_s3_if_missing() { build_one "$S3_DIR" versitygw build_s3; }

# alone NAME COMMAND…
alone() {
  mkdir -p "$UPM_CACHE/bin"
  # One lock for all: a second caller waits, then finds everything there.
  exec {lock}>"$UPM_CACHE/$1.lock"
  flock "$lock"
  BUILD_TMP=$UPM_CACHE/$1
  "${@:2}"
  rm -rf "$BUILD_TMP"
  flock -u "$lock"
  exec {lock}>&-
}

# build_one DIR "PROGRAM…" FUNCTION: FUNCTION fills a temporary folder, which becomes DIR in one rename.
build_one() {
  local dir=$1 programs=$2 function=$3 start=$SECONDS program
  for program in $programs; do
    if [[ ! -s $dir/$program ]]; then
      note "building ${dir##*/}"
      rm -rf "$BUILD_TMP/work" "$BUILD_TMP/out" "$dir"
      mkdir -p "$BUILD_TMP/work" "$BUILD_TMP/out"
      (cd "$BUILD_TMP/work" && go_command mod init upm.local/build 2>/dev/null && "$function" "$BUILD_TMP/out")
      mv "$BUILD_TMP/out" "$dir"
      note "built ${dir##*/} in $((SECONDS - start)) s"
      return
    fi
  done
}

# Own caches: what the build downloads and compiles (about 4 GB) goes when it ends. The compiler collects garbage less
# often than by default: it is the processors that the build lacks.
go_command() {
  CGO_ENABLED=0 GOFLAGS='-buildvcs=false -modcacherw' GOTOOLCHAIN=local GOWORK=off \
    GOGC=400 GOMODCACHE=$BUILD_TMP/mod GOCACHE=$BUILD_TMP/cache go "$@"
}

# go_tools OUT LDFLAGS PACKAGE@VERSION…
go_tools() {
  local out=$1 ldflags="-s -w $2"
  shift 2
  go_command get -tool "$@" 2>go-get.log || { cat go-get.log >&2; return 1; }
  go_command build -trimpath -ldflags="$ldflags" -o "$out/" "${@%@*}"
}

build_kubernetes() {
  local out=$1 version=$KUBERNETES_VERSION module package minor
  minor=${version#v1.}
  minor=${minor%%.*}
  # Kubernetes requires its staging modules at v0.0.0 and replaces them by folders that its module doesn't contain.
  go_command mod download "k8s.io/kubernetes@$version"
  local modfile=$BUILD_TMP/mod/cache/download/k8s.io/kubernetes/@v/$version.mod
  while read -r module; do
    go_command mod edit -replace "$module=$module@$KUBERNETES_STAGING_VERSION"
  done < <(awk '$2 == "v0.0.0" { print $1 }' "$modfile")
  local flags=""
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $package.gitVersion=$version -X $package.gitMajor=1 -X $package.gitMinor=$minor -X $package.gitTreeState=clean"
  done
  local program packages=()
  for program in "${KUBERNETES_PROGRAMS[@]}"; do packages+=("k8s.io/kubernetes/cmd/$program@$version"); done
  go_tools "$out" "$flags" "${packages[@]}"
}

build_etcd() {
  go_tools "$1" "" "go.etcd.io/etcd/server/v3@$ETCD_VERSION"
  mv "$1/server" "$1/etcd" 2>/dev/null || mv "$1/v3" "$1/etcd"
}

build_coredns() { go_tools "$1" "" "github.com/coredns/coredns@$COREDNS_VERSION"; }

build_helm() {
  go_tools "$1" "-X helm.sh/helm/v4/internal/version.version=$HELM_VERSION" "helm.sh/helm/v4/cmd/helm@$HELM_VERSION"
}

build_kwok() { go_tools "$1" "-X sigs.k8s.io/kwok/pkg/consts.Version=$KWOK_VERSION" "sigs.k8s.io/kwok/cmd/kwok@$KWOK_VERSION"; }

build_registry() { go_tools "$1" "" "github.com/distribution/distribution/v3/cmd/registry@$REGISTRY_VERSION"; }

build_s3() { go_tools "$1" "" "github.com/versity/versitygw/cmd/versitygw@$S3_VERSION"; }

build_own() {
  local program
  for program in pause testimage volumes; do
    go_command build -trimpath -ldflags="-s -w" -o "$program" "$HERE/$program/main.go"
  done
  scratch_image "$1/pause.tar" "$PAUSE_IMAGE" pause
  scratch_image "$1/probe.tar" "$PROBE_IMAGE" testimage
  mv testimage "$1/probe"
  mv volumes "$1/open-volumes"
}

# scratch_image ARCHIVE NAME PROGRAM: an image of one static program, in the format of "docker save"; neither a base image
# nor an image builder is needed.
scratch_image() {
  local archive=$1 name=$2 program=$3 layout=$BUILD_TMP/work/image
  rm -rf "$layout"
  mkdir -p "$layout/root"
  cp "$program" "$layout/root/main"
  tar -C "$layout/root" --owner=0 --group=0 --mtime=@0 -cf "$layout/layer.tar" main
  cat >"$layout/config.json" <<JSON
{"architecture": "$(go env GOARCH)", "os": "linux", "config": {"Entrypoint": ["/main"]},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$(sha256sum "$layout/layer.tar" | cut -d' ' -f1)"]}}
JSON
  echo "[{\"Config\": \"config.json\", \"RepoTags\": [\"$name\"], \"Layers\": [\"layer.tar\"]}]" >"$layout/manifest.json"
  tar -C "$layout" -cf "$archive" manifest.json config.json layer.tar
}
