# shellcheck shell=bash
# Long-running programs: started detached, found again by pid and start time (a pid alone may have been reused).

start_time() {
  local stat
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
  # The name, field 2, may hold spaces: count from behind it. A zombie doesn't count as running.
  read -r -a stat <<<"${stat##*) }"
  [[ ${stat[0]} != Z ]] && echo "${stat[19]}"
}

daemon_pid() {
  local pid started
  read -r pid started 2>/dev/null <"$UPM_STATE/pids/$1" || return 1
  [[ $(start_time "$pid") == "$started" ]] && echo "$pid"
}

running() { daemon_pid "$1" >/dev/null; }

# daemon NAME COMMAND…: with no file descriptor, variable or session of the caller, who may be waiting for a pipe to close.
daemon() {
  local name=$1 pid
  shift
  if running "$name"; then return; fi
  mkdir -p "$UPM_STATE/pids" "$UPM_STATE/logs"
  (
    umask 022
    cd /
    exec </dev/null >>"$UPM_STATE/logs/$name.log" 2>&1
    for fd in /proc/self/fd/*; do
      fd=${fd##*/}
      if ((fd > 2)); then eval "exec $fd>&-"; fi
    done
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root setsid "$@"
  ) &
  pid=$!
  echo "$pid $(start_time "$pid")" >"$UPM_STATE/pids/$name"
}

# stop_daemon NAME [SIGNAL]
stop_daemon() {
  local pid
  if pid=$(daemon_pid "$1"); then
    kill "-${2:-TERM}" "$pid" 2>/dev/null || true
    await_not 10 running "$1" || kill -KILL "$pid" 2>/dev/null || true
    await_not 5 running "$1" || die "$1 (pid $pid) doesn't end"
  fi
  rm -f "$UPM_STATE/pids/$1"
}

signal_daemon() {
  local pid
  pid=$(daemon_pid "$1") || die "$1 doesn't run"
  kill "-$2" "$pid"
}

# await SECONDS COMMAND…: until it succeeds; await_not: until it fails.
await() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}

await_not() {
  local seconds=$1
  shift
  await "$seconds" not "$@"
}

not() { ! "$@"; }
