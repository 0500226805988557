# shellcheck shell=bash
# What must be on the machine already: Java, Maven, Go. Found in the usual places; a sentence says what is missing.

NEEDED_JAVA=25
NEEDED_GO=1.26

find_java() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/*jdk* /opt/*java* /usr/local/*jdk* "$HOME"/.sdkman/candidates/java/*; do
    if java_is_new_enough "$home"; then
      export JAVA_HOME=$home
      return
    fi
  done
  die "no Java $NEEDED_JAVA development kit: install one below /usr/lib/jvm, or set JAVA_HOME"
}

java_is_new_enough() {
  local major
  [[ -n $1 && -x $1/bin/javac && -r $1/release ]] || return 1
  major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  ((${major:-0} >= NEEDED_JAVA))
}

find_maven() {
  if [[ -n ${MAVEN_HOME:-} && -x $MAVEN_HOME/bin/mvn ]]; then PATH=$MAVEN_HOME/bin:$PATH; fi
  command -v mvn >/dev/null || die "no Maven: install the package maven, or set MAVEN_HOME"
}

find_go() {
  local dir version
  for dir in "$(dirname "$(command -v go || echo /usr/local/go/bin/go)")" /usr/local/go/bin /usr/lib/go*/bin; do
    [[ -x $dir/go ]] || continue
    version=$("$dir/go" env GOVERSION)
    if printf 'go%s\n%s\n' "$NEEDED_GO" "$version" | sort -V -C; then
      PATH=$dir:$PATH
      return
    fi
  done
  die "no Go $NEEDED_GO or newer: install it below /usr/local/go, or put it on the PATH"
}

# All of them, before anything begins.
find_tools() {
  find_java
  find_maven
  find_go
}

need_root() {
  if ((EUID == 0)); then return; fi
  command -v sudo >/dev/null || die "this needs root, and there is no sudo"
  note "this needs root: going on with sudo"
  exec sudo -H --preserve-env=PATH,KUBECONFIG,JAVA_HOME,MAVEN_HOME,CI,TERM,http_proxy,https_proxy,no_proxy,UPM_CLUSTER,UPM_STATE,UPM_CACHE,UPM_OCTET \
    env PATH="$PATH" "$REPO/upm" "$@"
}
