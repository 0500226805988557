# shellcheck shell=bash
# Steps that depend on each other, run side by side, each with a log of its own, and what is shown of them meanwhile.

STEPS=()
declare -A STEP_TITLE STEP_AFTER STEP_STATE STEP_BEGAN STEP_PID STEP_BEAT
# How often a step that is still running says so where the output is no terminal, in seconds.
HEARTBEAT=30

# step NAME TITLE "NAME…": NAME is also the function "do_NAME"; it starts when the steps named last are done.
step() {
  STEPS+=("$1")
  STEP_TITLE[$1]=$2
  STEP_AFTER[$1]=${3:-}
  STEP_STATE[$1]=waiting
}

# run_steps LOG-FOLDER: runs them all; stops at the first that fails and shows the end of its log. Which one that was is in
# STEP_FAILED, not in the exit code: with "run_steps || …" the shell would go on after failing commands inside of the steps.
run_steps() {
  LOGS=$1
  STEP_FAILED=
  TICK=
  mkdir -p "$LOGS"
  open_ticks
  start_due_steps
  while any_step running; do
    if next_tick 1; then
      clear_live
      # shellcheck disable=SC2086 # the line is a name and an exit code
      finish_step $TICK
      TICK=
      if [[ -n $STEP_FAILED ]]; then break; fi
      start_due_steps
    fi
    show_running
  done
  clear_live
  stop_steps
}

# A pipe that both ends of stay open in: finished steps report in it, and waiting for them has a limit, after which the
# live line is drawn again.
open_ticks() {
  local pipe=$LOGS/.ticks
  rm -f "$pipe"
  mkfifo -m 600 "$pipe"
  exec {TICKS}<>"$pipe"
  rm "$pipe"
}

# next_tick SECONDS: whether TICK now holds a whole line "NAME CODE". A read that runs out of time in the middle of a line
# has taken its beginning out of the pipe, so what it got is kept for the next.
next_tick() {
  local part code=0
  IFS= read -r -t "$1" -u "$TICKS" part || code=$?
  TICK+=$part
  return "$code"
}

any_step() {
  local name
  for name in "${STEPS[@]}"; do
    if [[ ${STEP_STATE[$name]} == "$1" ]]; then return; fi
  done
  return 1
}

start_due_steps() {
  local name
  for name in "${STEPS[@]}"; do
    if [[ ${STEP_STATE[$name]} == waiting ]] && step_is_due "$name"; then start_step "$name"; fi
  done
}

step_is_due() {
  local before
  for before in ${STEP_AFTER[$1]}; do
    [[ ${STEP_STATE[$before]} == "done" ]] || return 1
  done
}

start_step() {
  local name=$1
  STEP_STATE[$name]=running
  STEP_BEGAN[$name]=$SECONDS
  STEP_BEAT[$name]=$SECONDS
  # A process group for each, so that stopping a step also stops what it runs.
  set -m
  (
    set +e
    (
      set -e
      unlock
      "do_$name" "$LOGS/$name.log"
    ) </dev/null >"$LOGS/$name.log" 2>&1
    echo "$name $?" >&"$TICKS"
  ) &
  STEP_PID[$name]=$!
  set +m
  if ! live; then say_step "$name" "begins"; fi
}

finish_step() {
  local name=$1 code=$2
  wait "${STEP_PID[$name]}" || true
  if ((code == 0)); then
    STEP_STATE[$name]="done"
    say_step "$name" "$(duration $((SECONDS - STEP_BEGAN[$name])))$(result_of "$name")"
    return
  fi
  STEP_STATE[$name]=failed
  STEP_FAILED=$name
  say_step "$name" "FAILED after $(duration $((SECONDS - STEP_BEGAN[$name])))"
  {
    tail -n 20 "$LOGS/$name.log" | sed 's/^/    /'
    echo "The whole log: $LOGS/$name.log"
  } >&2
}

# What a step wants said behind its time: the last line of its log that begins with "= ".
result_of() { sed -n 's/^= /: /p' "$LOGS/$1.log" | tail -n 1; }

stop_steps() {
  local name
  for name in "${STEPS[@]}"; do
    if [[ ${STEP_STATE[$name]} == running ]]; then
      kill -TERM -- "-${STEP_PID[$name]}" 2>/dev/null || true
      wait "${STEP_PID[$name]}" 2>/dev/null || true
      say_step "$name" "stopped; its log: $LOGS/$name.log"
      STEP_STATE[$name]=stopped
    fi
  done
}

# Where somebody watches: one line that changes in place. Elsewhere: a line for each beginning, end and half minute.
live() { [[ -t 1 && ${TERM:-dumb} != dumb ]]; }

clear_live() {
  if live; then printf '\r\e[K'; fi
}

show_running() {
  local name line=
  for name in "${STEPS[@]}"; do
    [[ ${STEP_STATE[$name]} == running ]] || continue
    if live; then
      line+="${line:+ | }$(step_number "$name") ${STEP_TITLE[$name]} $(duration $((SECONDS - STEP_BEGAN[$name])))"
      line+=$(prefixed ", " "$(how_far "$name")")
    elif ((SECONDS - STEP_BEAT[$name] >= HEARTBEAT)); then
      STEP_BEAT[$name]=$SECONDS
      say_step "$name" "$(duration $((SECONDS - STEP_BEGAN[$name]))) so far$(prefixed ", " "$(how_far "$name")")"
    fi
  done
  if live; then
    printf '\r\e[K%s' "${line:0:$(($(tput cols 2>/dev/null || echo 80) - 1))}"
  fi
}

prefixed() { if [[ -n $2 ]]; then echo "$1$2"; fi; }

# The last thing that a step's log says about its progress, in the words of the tools that it runs.
how_far() {
  tail -c 20000 "$LOGS/$1.log" 2>/dev/null | sed -n -E \
    -e 's/^> //p' -e 's/^waiting: //p' \
    -e 's/^[0-9:]{8} //p' \
    -e 's/^\[images\] //p' \
    -e 's/^\[INFO\] Running (.*)/\1/p' \
    -e 's/^\[INFO\] Building (.*) [^ ]+ +\[([0-9]+\/[0-9]+)\]$/\1 \2/p' |
    tail -n 1 | cut -c1-70
}

say_step() { printf '%s %s: %s\n' "$(step_number "$1")" "${STEP_TITLE[$1]}" "$2"; }

step_number() {
  local i
  for i in "${!STEPS[@]}"; do
    if [[ ${STEPS[$i]} == "$1" ]]; then echo "[$((i + 1))/${#STEPS[@]}]"; fi
  done
}

duration() {
  if (($1 < 60)); then echo "$1 s"; else echo "$(($1 / 60)) min $(($1 % 60)) s"; fi
}
