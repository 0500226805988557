# shellcheck shell=bash
# Every test there is. A stage that finds failures doesn't keep the next from running.

TEST_STAGES=(test_scripts test_go test_java test_demo)

run_test() {
  (($# == 0)) || die "test: unknown option $1"
  find_tools
  # What other tests left, which may have been killed, must not be what these find.
  remove_own
  # Three, so that the documented examples' requests fit.
  NODES=3
  # Before the installation, which is told of its image.
  declare_up newest
  declare_tests
  run_steps "$(new_logs test)"
  all_control_planes down
  if ! summarize; then
    ((FOREIGN)) || note "the tests' cluster stays to be looked into, until \"./upm down\" or the next test"
    return 1
  fi
  remove_own
}

# One after the other: they share two cores, and some of them measure time.
declare_tests() {
  step containers "containers for integration tests" newest
  step control_planes "control planes for tests of controllers" programs
  step servers "registry and object store for tests" programs
  step test_scripts "tests of scripts and chart" install
  step test_go "tests in Go" "test_scripts servers"
  step test_java "tests in Java" "test_go containers control_planes"
  step demo "$DEMO_TITLE" test_java
  step test_demo "tests of the demo" demo
}

# The second for a plugin whose engine is content with Debian.
do_newest() {
  build_images mysql-9.7 base
  load_archive "$(archive_of mysql-9.7)"
  load_archive "$(archive_of base)"
}

do_control_planes() { all_control_planes up --nodes 0; }

do_servers() {
  "$REPO/hack/cluster/cluster" build registry
  "$REPO/hack/cluster/cluster" build s3
}

do_containers() {
  debian_packages "${TEST_PACKAGES[@]}"
  "$REPO/images/podman-setup" up mysql-8.0 mysql-9.7 >"$LOGS/containers.env"
}

# count PASSED FAILED: adds to what the stage found.
count() {
  echo "$1 $2" >>"$LOGS/$STAGE.counts"
}

begin_stage() {
  STAGE=$1
  : >"$LOGS/$STAGE.counts"
}

end_stage() { awk '{ p += $1; f += $2 } END { printf "= %d passed, %d failed\n", p, f }' "$LOGS/$STAGE.counts"; }

# suite WHAT COMMAND…: a script whose last line is "N passed, N failed".
suite() {
  local last
  echo "> $1"
  last=$("${@:2}" 2>&1 | tee >(cat >&2) | tail -n 1) || true
  if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    count "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
  else
    echo "FAILED: $1 ended without saying how many passed"
    count 0 1
  fi
}

do_test_scripts() {
  begin_stage test_scripts
  suite "progress of steps" "$REPO/hack/upm/check"
  suite "Helm chart" "$REPO/charts/check"
  suite "cluster" "$REPO/hack/cluster/cluster" smoke
  end_stage
}

do_test_go() {
  local module
  begin_stage test_go
  while read -r module; do
    echo "> ${module#"$REPO/"}"
    go_tests "$(dirname "$module")"
  done < <(find "$REPO" -name go.mod -not -path '*/target/*')
  end_stage
}

# Those of the images' programs, so that nothing is compiled twice.
go_settings() {
  export CGO_ENABLED=0 GOTOOLCHAIN=local GOCACHE=$UPM_CACHE/go-build GOMODCACHE=$UPM_CACHE/go-mod
  export GOFLAGS='-buildvcs=false -modcacherw -trimpath'
}

go_tests() {
  local events code=0 bad
  events=$LOGS/go-$(basename "$1").json
  (cd "$1" && go_settings && UPM_S3_SERVER=$S3_DIR/versitygw go test -json ./...) \
    >"$events" || code=$?
  sed -n 's/.*"Output":"\(.*\)\\n"}$/\1/p' "$events"
  bad=$(grep -c '"Action":"fail".*"Test":' "$events") || true
  # It may fail without a failing test: when it doesn't compile.
  if ((code && bad == 0)); then bad=1; fi
  count "$(grep -c '"Action":"pass".*"Test":' "$events")" "$bad"
}

do_test_java() {
  local began=$LOGS/java.began code=0 newest
  begin_stage test_java
  touch "$began"
  # shellcheck source=/dev/null
  . "$LOGS/containers.env"
  newest=$(image_reference "$(archive_of mysql-9.7)")
  go_settings
  UPM_MYSQL_NEWEST=${newest##*:} UPM_KUBECONFIG=$KUBECONFIG \
    UPM_CONTROL_PLANE=$(all_control_planes kubeconfig | paste -sd :) UPM_REGISTRY=$REGISTRY_DIR/registry UPM_S3_SERVER=$S3_DIR/versitygw \
    maven --fail-at-end -Dmaven.test.failure.ignore=true -Dupm.acceptance=true \
    "-Dupm.control.planes=$CONTROL_PLANES" verify || code=$?
  read_reports "$began"
  if ((code)); then
    echo "FAILED: the build itself"
    count 0 1
  fi
  end_stage
}

# Of surefire and failsafe, written since: counts, and the names of those that failed.
read_reports() {
  local report
  while read -r -d '' report; do
    # By its test cases: the sums of a suite leave out those of parameterized classes.
    awk '
      /<testcase / { tests++; bad = 0 }
      /<(failure|error)[ >]/ && tests && !bad++ { failed++ }
      /<skipped[ \/>]/ { skipped++ }
      END { print tests - failed - skipped, failed + 0, skipped + 0 }
    ' "$report"
  done < <(reports_since "$1") | awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }' >"$LOGS/java.totals"
  awk '{ print $1, $2 }' "$LOGS/java.totals" >>"$LOGS/$STAGE.counts"
  echo "skipped: $(awk '{ print $3 }' "$LOGS/java.totals")"
  while read -r report; do
    echo "FAILED: $(basename "$report" .xml | sed 's/^TEST-//'), see ${report#"$REPO/"}"
    failed_tests "$report"
  done < <(reports_since "$1" | xargs -0r grep -lE '<(failure|error)[ >]')
}

# failed_tests REPORT: the first few, each with where it took how long and the first of why, for whoever sees no more than the
# output. Of a request that failed, what matters is at its end.
failed_tests() {
  awk '
    function value(name) { return match($0, " " name "=\"[^\"]*") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) : "" }
    function why(text) {
      gsub(/&quot;/, "\"", text); gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&#10;/, " ", text)
      sub(/Failure executing: .*\. Message: /, "", text)
      return substr(text, 1, 300)
    }
    /<testcase / { test = value("name"); time = value("time") }
    /<(failure|error)[ >]/ && ++failed <= 5 { print "FAILED:   " test " after " time " s: " why(value("message") == "" ? value("type") : value("message")) }
    END { if (failed > 5) print "FAILED:   and " failed - 5 " more" }
  ' "$1"
}

reports_since() {
  find "$REPO" -path '*/target/*-reports/TEST-*.xml' -newer "$1" -print0
}

do_test_demo() {
  begin_stage test_demo
  suite "demo" "$REPO/hack/upm/check-demo"
  end_stage
}

# The stages with their times, what failed, and the one line that counts.
summarize() {
  local stage passed=0 failed=0 p f
  echo
  if [[ -n $STEP_FAILED ]]; then failed=1; fi
  for stage in "${TEST_STAGES[@]}"; do
    if [[ -e $LOGS/$stage.counts ]]; then
      read -r p f < <(awk '{ p += $1; f += $2 } END { print p + 0, f + 0 }' "$LOGS/$stage.counts")
      passed=$((passed + p)) failed=$((failed + f))
      grep -h '^FAILED' "$LOGS/$stage.log" || true
    else
      echo "not run: ${STEP_TITLE[$stage]}"
    fi
  done
  echo "all of it took $(duration "$SECONDS"); logs: $LOGS"
  echo "$passed passed, $failed failed"
  ((failed == 0))
}
