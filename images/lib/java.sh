# shellcheck shell=bash

JAVA_FEATURE=25
# Every file we put into an image gets this time: Java's caches compare it, and archives stay the same.
EPOCH=2026-01-01T00:00:00Z

# jdk: prints the folder of a JDK of the release we build for; the machine's default Java may be older.
jdk() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    if [[ -x $home/bin/jlink ]] && grep -q "^JAVA_VERSION=\"${JAVA_FEATURE}[.\"]" "$home/release" 2>/dev/null; then
      echo "$home"
      return
    fi
  done
  die "no JDK $JAVA_FEATURE: set JAVA_HOME"
}

# jre MODULES: prints the folder of a Java runtime of these modules, made once per JDK build.
jre() {
  local modules=$1 home target
  home=$(jdk)
  target=$UPM_CACHE/jre/java-$JAVA_FEATURE-$(fingerprint "$IMAGES/lib/java.sh" "$home/release" "=$modules")
  once "$target" make_jre "$home" "$modules"
  echo "$target"
}

make_jre() {
  local work=$1 home=$2 modules=$3
  "$home/bin/jlink" --add-modules "$modules" --strip-debug --no-man-pages --no-header-files --output "$work/out" >&2
  # jlink's own index of the runtime; only tools that read another JDK need it.
  rm -f "$work/out/lib/jrt-fs.jar"
}

# project_version: of the parent POM, whose own version comes first in it.
project_version() { grep -m1 -oP '<version>\K[^<]+' "$REPO/pom.xml"; }

# need_built FILE…
need_built() {
  local file
  for file; do
    [[ -e $file ]] || die "${file#"$REPO/"} is not there: build it first (mvn package)"
  done
}

# take_built TARGET JAR DIR: the jar and libraries that Maven left in TARGET, into DIR/lib, and all plugin zips into DIR/plugins.
take_built() {
  local target=$1 jar=$2 dir=$3
  need_built "$target/$jar" "$target/lib"
  mkdir -p "$dir/lib" "$dir/plugins"
  cp "$target/$jar" "$target"/lib/*.jar "$dir/lib/"
  if [[ -d $REPO/plugins ]]; then
    find "$REPO/plugins" -path '*/target/*-plugin.zip' -exec cp -t "$dir/plugins/" {} +
  fi
  find "$dir" -type f -exec chmod 644 {} +
}

settle_times() { find "$@" -exec touch --no-dereference --date="$EPOCH" {} +; }
