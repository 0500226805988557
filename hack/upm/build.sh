# shellcheck shell=bash
# Everything that is built here: UPM with Maven, images with images/build. Unchanged sources aren't built again.

JAVA_STAMP=$REPO/target/upm-built
CLI_JAR=$REPO/upm-runtime/target/upm-runtime.jar
# All plugins in one folder, for "upm plan".
PLUGIN_ZIPS=$REPO/target/plugins
# What building and testing takes beside what hack/cluster needs.
BUILD_PACKAGES=(unzip binutils)
TEST_PACKAGES=(podman conmon)

maven() { (cd "$REPO" && mvn --batch-mode --no-transfer-progress "$@"); }

debian_packages() {
  (
    # shellcheck source=/dev/null
    . "$REPO/hack/cluster/lib/packages.sh"
    # shellcheck disable=SC2034 # read by install_packages
    PACKAGES=("$@")
    install_packages
  )
}

# Over the names and contents of all that goes into the Java build.
sources_fingerprint() {
  (
    cd "$REPO"
    find . -type d \( -name target -o -name .git \) -prune -o -type f \
      \( -name pom.xml -o -path '*/src/*' -o -path './.mvn/*' -o -path './agent/*' \) -print0 |
      sort -z | xargs -0r sha256sum | sha256sum | cut -c1-32
  )
}

java_is_built() { [[ -e $CLI_JAR && -e $JAVA_STAMP && $(<"$JAVA_STAMP") == "$(sources_fingerprint)" ]]; }

do_java() {
  local fingerprint
  if java_is_built; then
    echo "= nothing has changed"
    collect_plugins
    return
  fi
  # Taken before: what is edited meanwhile counts as changed.
  fingerprint=$(sources_fingerprint)
  rm -f "$JAVA_STAMP"
  # Tests are compiled when they are run.
  maven -Dmaven.test.skip=true --projects '!acceptance' package
  collect_plugins
  mkdir -p "${JAVA_STAMP%/*}"
  echo "$fingerprint" >"$JAVA_STAMP"
}

collect_plugins() {
  rm -rf "$PLUGIN_ZIPS"
  mkdir -p "$PLUGIN_ZIPS"
  find "$REPO/plugins" -path '*/target/*-plugin.zip' -exec cp -t "$PLUGIN_ZIPS" {} +
}

do_packages() {
  node packages
  debian_packages "${BUILD_PACKAGES[@]}"
}

do_programs() { node build; }

# build_images NAME…: leaves the path of each archive in LOGS/NAME.archive.
build_images() {
  local name
  for name in "$@"; do
    "$REPO/images/build" "$name" | tail -n 1 >"$LOGS/$name.archive"
    [[ -s $LOGS/$name.archive ]] || die "images/build $name printed no path"
  done
}

archive_of() { cat "$LOGS/$1.archive"; }

# The newer one, too, where it has been built: what runs on it must keep its image.
do_engine() {
  build_images mysql-8.0
  if compgen -G "$UPM_CACHE/images/mysql-9.7-*.tar" >/dev/null; then build_images mysql-9.7; fi
}

do_images() { build_images agent runtime; }
