# shellcheck shell=bash
# The agent's tree, laid out as agent/README.md describes, and a program that copies it to a volume.

AGENT_MAIN=io.upm.agent.AgentMain
# The agent itself is content with java.base, java.logging, jdk.httpserver and jdk.unsupported;
# the others are what JDBC drivers and other clients of engines, in plugins, are built on.
AGENT_MODULES=java.base,java.logging,jdk.httpserver,jdk.unsupported
AGENT_MODULES+=,java.management,java.naming,java.security.jgss,java.security.sasl,java.sql

build_agent() {
  local agent=$REPO/agent/instance-manager plugins
  need_built "$agent/target/upm-agent.jar" "$agent/target/lib" "$agent/jvm.flags" "$REPO/agent/launcher/main.go"
  mapfile -t plugins < <(plugin_zips)
  publish agent "$(fingerprint "$IMAGES/agent" "$IMAGES"/lib/{chroot,image,java,rootfs}.sh "$(jdk)/release" \
    "$agent/target/upm-agent.jar" "$agent/target/lib" "$agent/jvm.flags" "$REPO/agent/launcher" "${plugins[@]}" \
    "=$(project_version)")" make_agent
}

make_agent() {
  local work=$1 app=$1/context/app version runtime
  need go
  version=$(project_version)
  runtime=$(jre "$AGENT_MODULES")
  mkdir -p "$work/context" "$app/opt/upm/bin" "$app/opt/upm/lib"
  cp -a "$runtime" "$work/context/jre"
  cp "$REPO"/agent/instance-manager/target/{upm-agent.jar,lib/*.jar} "$app/opt/upm/lib/"
  chmod 644 "$app"/opt/upm/lib/*
  go_program "$REPO/agent/launcher" "$app/opt/upm/bin/launcher"
  go_program "$IMAGES/agent/install" "$app/install"
  settle_times "$work/context"
  train "$work"
  settle_times "$work/context"
  image "$work" "$IMAGES/agent/Containerfile" "upm.local/upm-agent:$version"
}

go_program() {
  (cd "$1" && CGO_ENABLED=0 GOFLAGS=-buildvcs=false GOWORK=off go build -trimpath -ldflags='-s -w' -o "$2" .)
}

# train WORK: writes agent.args and, from a run at the final path on our oldest libc, agent.aot.
train() {
  local work=$1 root=$1/root upm=$1/context/app/opt/upm archive flags classpath
  archive=$(root_fs "$BOOKWORM")
  unpack "$archive" "$root"
  mkdir -p "$root/opt"
  cp -a "$work/context/jre" "$root/opt/upm"
  cp -a "$upm/." "$root/opt/upm/"
  flags=$(grep -v '^ *\(#\|$\)' "$REPO/agent/instance-manager/jvm.flags")
  classpath=$(cd "$upm" && printf '/opt/upm/%s\n' lib/*.jar | LC_ALL=C sort | paste -sd:)

  # A changed jar is not noticed by the cache (JDK-8377932), so both are only ever made and shipped together.
  if run_training "$work" "$flags" "$classpath"; then
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
  local work=$1 root=$1/root plugin
  printf '%s\n' "$2" >"$root/tmp/flags"
  local java=(timeout 120 setpriv --reuid 65532 --regid 65532 --clear-groups env MALLOC_ARENA_MAX=1 /opt/upm/bin/java @/tmp/flags)
  local main=(-cp "$3" "$AGENT_MAIN" --train)
  plugin=$(plugin_zips | head -n 1)
  if [[ -n $plugin ]]; then
    install -m 644 "$plugin" "$root/tmp/"
    main+=("/tmp/${plugin##*/}")
  fi
  in_root --offline "$root" "${java[@]}" -XX:AOTCacheOutput=/tmp/agent.aot "${main[@]}" >"$work/train.log" 2>&1 &&
    [[ -s $root/tmp/agent.aot ]] &&
    # A cache that can't be used is an error in this mode only.
    in_root --offline "$root" "${java[@]}" -XX:AOTCache=/tmp/agent.aot -XX:AOTMode=on "${main[@]}" >>"$work/train.log" 2>&1
}
