# shellcheck shell=bash
# The agent's tree, laid out as agent/README.md describes, and a program that copies it to a volume.

AGENT_MAIN=io.upm.agent.AgentMain
# The agent itself is content with java.base, java.logging, jdk.httpserver and jdk.unsupported;
# the others are what JDBC drivers and other clients of engines, in plugins, are built on.
AGENT_MODULES=java.base,java.logging,jdk.httpserver,jdk.unsupported
AGENT_MODULES+=,java.management,java.naming,java.security.jgss,java.security.sasl,java.sql

build_agent() {
  local agent=$REPO/agent taken=$SNAPSHOTS/agent
  need_built "$agent/instance-manager/jvm.flags" "$agent/launcher/main.go"
  take_built "$agent/instance-manager/target" upm-agent.jar "$taken"
  cp "$agent/instance-manager/jvm.flags" "$taken/"
  cp -r "$agent/launcher" "$taken/launcher"
  cp -r "$agent/mover" "$taken/mover"
  publish agent "$(fingerprint "$IMAGES"/agent/{build.sh,Containerfile,install} "$IMAGES"/lib/{chroot,image,java,rootfs}.sh \
    "$(jdk)/release" "$taken" "=$(project_version)")" make_agent "$taken"
}

make_agent() {
  local work=$1 taken=$2 app=$1/context/app version runtime
  need go
  version=$(project_version)
  runtime=$(jre "$AGENT_MODULES")
  mkdir -p "$work/context" "$app/opt/upm/bin"
  cp -a "$runtime" "$work/context/jre"
  cp -r "$taken/lib" "$app/opt/upm/lib"
  go_program "$taken/launcher" "$app/opt/upm/bin/launcher"
  go_program "$taken/mover" "$app/opt/upm/bin/mover"
  go_program "$IMAGES/agent/install" "$app/install"
  settle_times "$work/context"
  train "$work" "$taken"
  settle_times "$work/context"
  image "$work" "$IMAGES/agent/Containerfile" "upm.local/upm-agent:$version"
}

# The caches are those of the tests in Go, which compile the same packages with the same flags.
go_program() {
  (cd "$1" && CGO_ENABLED=0 GOFLAGS='-buildvcs=false -modcacherw -trimpath' GOWORK=off \
    GOCACHE=$UPM_CACHE/go-build GOMODCACHE=$UPM_CACHE/go-mod go build -ldflags='-s -w' -o "$2" .)
}

# train WORK TAKEN: writes agent.args and, from a run at the final path on our oldest libc, agent.aot.
train() {
  local work=$1 taken=$2 root=$1/root upm=$1/context/app/opt/upm archive flags classpath
  archive=$(root_fs "$BOOKWORM")
  unpack "$archive" "$root"
  mkdir -p "$root/opt"
  cp -a "$work/context/jre" "$root/opt/upm"
  cp -a "$upm/." "$root/opt/upm/"
  flags=$(grep -v '^ *\(#\|$\)' "$taken/jvm.flags")
  classpath=$(cd "$upm" && printf '/opt/upm/%s\n' lib/*.jar | LC_ALL=C sort | paste -sd:)

  # A changed jar is not noticed by the cache (JDK-8377932), so both are only ever made and shipped together.
  printf '%s\n' "$flags" >"$root/tmp/flags"
  if run_training "$work" "$taken" "$classpath"; then
    install -m 644 "$root/tmp/agent.aot" "$upm/agent.aot"
    printf '%s\n' "$flags" -XX:AOTCache=/opt/upm/agent.aot "-cp $classpath" "$AGENT_MAIN" >"$upm/agent.args"
  else
    tail -n 20 "$work/train.log" >&2
    note "agent: NO AOT CACHE, the training run failed; the agent will start more slowly"
    printf '%s\n' "$flags" "-cp $classpath" "$AGENT_MAIN" >"$upm/agent.args"
  fi
  rm -rf --one-file-system "$root"
}

run_training() {
  local work=$1 root=$1/root plugins=("$2"/plugins/*.zip)
  local java=(timeout --kill-after=10 120 setpriv --reuid 65532 --regid 65532 --clear-groups env MALLOC_ARENA_MAX=1 /opt/upm/bin/java @/tmp/flags)
  local main=(-cp "$3" "$AGENT_MAIN" --train)
  # One is enough for the classes that loading any plugin takes; its own are only right for this very zip.
  if [[ -e ${plugins[0]} ]]; then
    cp "${plugins[0]}" "$root/tmp/plugin.zip"
    main+=(/tmp/plugin.zip)
  fi
  in_root --offline "$root" "${java[@]}" -XX:AOTCacheOutput=/tmp/agent.aot "${main[@]}" >"$work/train.log" 2>&1 &&
    [[ -s $root/tmp/agent.aot ]] &&
    # A cache that can't be used is an error in this mode only.
    in_root --offline "$root" "${java[@]}" -XX:AOTCache=/tmp/agent.aot -XX:AOTMode=on "${main[@]}" >>"$work/train.log" 2>&1
}
