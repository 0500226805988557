# shellcheck shell=bash
# Sourced by the check scripts: counts what passes and ends with "N passed, N failed".

passed=0
failed=0

# check WHAT COMMAND…
check() {
  local what=$1 output
  shift
  if output=$("$@" 2>&1); then
    passed=$((passed + 1))
    echo "passed: $what"
  else
    failed=$((failed + 1))
    echo "FAILED: $what"$'\n'"$output"
  fi
}

# says TEXT COMMAND…: whether the command says it; not_says: that it doesn't.
says() {
  local output
  output=$("${@:2}" 2>&1) || true
  [[ $output == *"$1"* ]] || { echo "$output"; return 1; }
}

not_says() { ! says "$@" >/dev/null; }

end_checks() {
  echo "$passed passed, $failed failed"
  ((failed == 0))
}
