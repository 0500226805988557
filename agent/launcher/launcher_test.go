package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// program is this launcher, built once for all tests.
var program string

func TestMain(m *testing.M) {
	directory, err := os.MkdirTemp("", "launcher")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(directory, "launcher")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		panic(string(out))
	}
	code := m.Run()
	os.RemoveAll(directory)
	os.Exit(code)
}

func TestStartsTheAgentAgainAndPausesLongerEachTime(t *testing.T) {
	l := launch(t, `echo run >>"$UPM_RUN_DIR/runs"; exit 3`)
	l.eventually("three runs", func() bool { return strings.Count(l.file("runs"), "run") >= 3 })
	for _, pause := range []string{"in 0s", "in 200ms"} {
		if !strings.Contains(l.output(), "the agent ended (3), starting it again "+pause) {
			t.Errorf("no restart %s in: %s", pause, l.output())
		}
	}
}

func TestEndsWithTheAgentWhenToldToStop(t *testing.T) {
	l := launch(t, `trap 'echo told >>"$UPM_RUN_DIR/told"; exit 0' TERM; echo up >"$UPM_RUN_DIR/up"; while :; do sleep 0.05; done`)
	l.eventually("agent is up", func() bool { return l.file("up") != "" })
	l.signal(syscall.SIGTERM)
	l.signal(syscall.SIGTERM)
	if code := l.wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if told := strings.Count(l.file("told"), "told"); told != 1 {
		t.Errorf("agent was told %d times", told)
	}
}

func TestAgentThatDiesWhileStoppingIsStartedOnceMoreToFinish(t *testing.T) {
	l := launch(t, `"`+program+`" detach --record "$UPM_RUN_DIR/engine" -- sleep 1000
		if [ "$UPM_TERMINATING" = true ]; then echo finished >"$UPM_RUN_DIR/finished"; exit 0; fi
		trap 'kill -KILL $$' TERM; echo up >"$UPM_RUN_DIR/up"; while :; do sleep 0.05; done`)
	l.eventually("agent is up", func() bool { return l.file("up") != "" })
	l.signal(syscall.SIGTERM)
	if code := l.wait(); code != 0 || l.file("finished") == "" {
		t.Errorf("exit code %d, finished %q", code, l.file("finished"))
	}
}

func TestEndsWithAnAgentThatFailsWhileStoppingWhenThereIsNoEngine(t *testing.T) {
	l := launch(t, `trap 'exit 7' TERM; echo up >"$UPM_RUN_DIR/up"; while :; do sleep 0.05; done`)
	l.eventually("agent is up", func() bool { return l.file("up") != "" })
	l.signal(syscall.SIGTERM)
	if code := l.wait(); code != 7 {
		t.Errorf("exit code %d", code)
	}
}

func TestOneArenaIsForTheAgentUnlessTheUserSaysOtherwise(t *testing.T) {
	l := launch(t, `echo "$MALLOC_ARENA_MAX $UPM_AGENT_ONLY" >"$UPM_RUN_DIR/up"; sleep 1000`)
	l.eventually("agent is up", func() bool { return l.file("up") != "" })
	if said := l.file("up"); said != "1 MALLOC_ARENA_MAX\n" {
		t.Errorf("agent's environment: %q", said)
	}

	t.Setenv("MALLOC_ARENA_MAX", "4")
	l = launch(t, `echo "$MALLOC_ARENA_MAX $UPM_AGENT_ONLY" >"$UPM_RUN_DIR/up"; sleep 1000`)
	l.eventually("agent is up", func() bool { return l.file("up") != "" })
	if said := l.file("up"); said != "4 \n" {
		t.Errorf("agent's environment: %q", said)
	}
}

func TestDetachedProgramOutlivesTheAgentAndLeavesItsExitCode(t *testing.T) {
	l := launch(t, `[ -e "$UPM_RUN_DIR/engine" ] || "`+program+`" detach --record "$UPM_RUN_DIR/engine" -- sleep 1000
		echo $$ >"$UPM_RUN_DIR/agent"; sleep 1000`)
	l.eventually("engine runs", func() bool { return l.file("agent") != "" })
	engine := l.recorded("engine")
	agent := l.number("agent")

	kill(t, agent, syscall.SIGKILL)
	l.eventually("another agent", func() bool { return l.file("agent") != "" && l.number("agent") != agent })
	if fields, err := statFields(strconv.Itoa(engine)); err != nil || fields[stateField] == "Z" {
		t.Fatalf("engine is gone: %v", err)
	}

	kill(t, engine, syscall.SIGTERM)
	l.eventually("engine is gone", func() bool { return !exists(engine) })
	if code := l.file(fmt.Sprintf("exits/%d", engine)); code != "143\n" {
		t.Errorf("exit code %q", code)
	}
}

func TestEngineHasItsOwnSessionAndNoPipeOfTheAgent(t *testing.T) {
	l := launch(t, `"`+program+`" detach --record "$UPM_RUN_DIR/engine" -- sleep 1000 2>&1 | cat; sleep 1000`)
	l.eventually("engine runs", func() bool { return l.file("engine") != "" })
	engine := strconv.Itoa(l.recorded("engine"))
	fields, err := statFields(engine)
	if err != nil {
		t.Fatal(err)
	}
	if fields[sessionField] != engine {
		t.Errorf("session %s of process %s", fields[sessionField], engine)
	}
	if input, _ := os.Readlink("/proc/" + engine + "/fd/0"); input != "/dev/null" {
		t.Errorf("standard input %s", input)
	}
	if extra, _ := os.ReadDir("/proc/" + engine + "/fd"); len(extra) != 3 {
		t.Errorf("open files %v", extra)
	}
}

func TestRecordHoldsTheStartOfTheProcess(t *testing.T) {
	l := launch(t, `"`+program+`" detach --record "$UPM_RUN_DIR/engine" -- sleep 1000; sleep 1000`)
	l.eventually("engine runs", func() bool { return l.file("engine") != "" })
	engine := l.recorded("engine")
	ticks, err := startTicks(strconv.Itoa(engine))
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%d %d\n", engine, ticks); l.file("engine") != want {
		t.Errorf("record %q, want %q", l.file("engine"), want)
	}
}

func TestSignalReachesTheProcessOfTheRecordOnly(t *testing.T) {
	l := launch(t, `"`+program+`" detach --record "$UPM_RUN_DIR/engine" -- sleep 1000; sleep 1000`)
	l.eventually("engine runs", func() bool { return l.file("engine") != "" })
	engine := l.recorded("engine")
	record := filepath.Join(l.run, "engine")
	other := filepath.Join(l.run, "other")
	if err := os.WriteFile(other, []byte(fmt.Sprintf("%d 1\n", engine)), 0o600); err != nil {
		t.Fatal(err)
	}

	if code, err := dispatch([]string{"signal", "--record", other, "--", "KILL"}); code != 0 || err != nil {
		t.Errorf("%d, %v", code, err)
	}
	if !exists(engine) {
		t.Fatal("a process with the same id was killed")
	}
	if code, err := dispatch([]string{"signal", "--record", record, "--", "INT"}); code != 0 || err != nil {
		t.Errorf("%d, %v", code, err)
	}
	l.eventually("engine is gone", func() bool { return !exists(engine) })
	if code := l.file(fmt.Sprintf("exits/%d", engine)); code != "130\n" {
		t.Errorf("exit code %q", code)
	}
	if code, err := dispatch([]string{"signal", "--record", record, "--", "INT"}); code != 0 || err != nil {
		t.Errorf("gone process: %d, %v", code, err)
	}
}

func TestProgramThatCanNotRunIsAnErrorAndLeavesNothing(t *testing.T) {
	run := t.TempDir()
	if err := os.Mkdir(exits(run), 0o750); err != nil {
		t.Fatal(err)
	}
	record := filepath.Join(run, "engine")
	command := exec.Command(program, "detach", "--record", record, "--", "/no/such/program")
	command.Env = append(os.Environ(), "UPM_RUN_DIR="+run)
	out, err := command.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "/no/such/program") {
		t.Errorf("%v: %s", err, out)
	}
	left, _ := os.ReadDir(exits(run))
	if _, err := os.Stat(record); err == nil || len(left) > 0 {
		t.Errorf("record %v, exits %v", err, left)
	}
}

func TestOrphansAreReapedAndLeaveNoFile(t *testing.T) {
	l := launch(t, `for i in 1 2 3 4 5 6 7 8; do (sleep 0.2 &); done; echo up >"$UPM_RUN_DIR/up"; exec sleep 1000`)
	l.eventually("agent is up", func() bool { return l.file("up") != "" })
	l.eventually("only the agent is left", func() bool { return len(childrenOf(l.pid())) == 1 })
	if left, _ := os.ReadDir(exits(l.run)); len(left) > 0 {
		t.Errorf("exits %v", left)
	}
}

func TestWhatADeadAgentLeftBehindIsKilled(t *testing.T) {
	l := launch(t, `[ -e "$UPM_RUN_DIR/left" ] || { sleep 1000 & echo $! >"$UPM_RUN_DIR/left"; exit 1; }; sleep 1000`)
	l.eventually("helper was started", func() bool { return l.file("left") != "" })
	helper := l.number("left")
	l.eventually("helper is gone", func() bool { return !exists(helper) })
}

func TestRunDirectoryIsEmptiedAtTheStart(t *testing.T) {
	run := t.TempDir()
	if err := os.MkdirAll(filepath.Join(run, "old/socket"), 0o750); err != nil {
		t.Fatal(err)
	}
	l := launchIn(t, run, `echo up >"$UPM_RUN_DIR/up"; sleep 1000`)
	l.eventually("agent is up", func() bool { return l.file("up") != "" })
	if _, err := os.Stat(filepath.Join(run, "old")); err == nil {
		t.Error("old files are still there")
	}
}

func TestSecondLauncherIsRefused(t *testing.T) {
	l := launch(t, `echo up >"$UPM_RUN_DIR/up"; sleep 1000`)
	l.eventually("agent is up", func() bool { return l.file("up") != "" })
	second := exec.Command(program, "supervise", "--", "true")
	second.Env = append(os.Environ(), "UPM_RUN_DIR="+l.run)
	if out, err := second.CombinedOutput(); err == nil || !strings.Contains(string(out), "another launcher") {
		t.Errorf("%v: %s", err, out)
	}
	if l.file("up") == "" {
		t.Error("the second launcher emptied the run directory")
	}
}

func TestNoZombieIsLeftInAProcessNamespace(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("root is needed for a process namespace")
	}
	run := t.TempDir()
	script := `for i in 1 2 3; do (sh -c 'sleep 0.1 & exec true' &); done; sleep 0.5
		grep -c '^State:.Z' /proc/[0-9]*/status | grep -cv ':0$' >"$UPM_RUN_DIR/zombies"
		cat /proc/1/comm >"$UPM_RUN_DIR/first"; trap 'exit 0' TERM; kill -TERM 1; sleep 5 & wait`
	command := exec.Command("unshare", "--pid", "--fork", "--kill-child", "--mount-proc",
		program, "supervise", "--", "sh", "-c", script)
	command.Env = append(os.Environ(), "UPM_RUN_DIR="+run)
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for file, want := range map[string]string{"first": "launcher\n", "zombies": "0\n"} {
		if got, err := os.ReadFile(filepath.Join(run, file)); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", file, got, err)
		}
	}
}

func TestWrongUsageIsRefused(t *testing.T) {
	for _, arguments := range [][]string{
		{"supervise"}, {"supervise", "--"}, {"detach", "--", "true"}, {"run", "--", "true"},
		{"supervise", "--record", "x", "--", "true"}, {"signal", "--record", "x", "--", "HUP"},
	} {
		if code, err := dispatch(arguments); code != 2 || err == nil {
			t.Errorf("%v: %d, %v", arguments, code, err)
		}
	}
}

// launched is a launcher whose agent is a shell script.
type launched struct {
	t       *testing.T
	run     string
	command *exec.Cmd
	out     *lockedBuffer
}

type lockedBuffer struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(data []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.Write(data)
}

func (b *lockedBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.String()
}

func launch(t *testing.T, script string) *launched { return launchIn(t, t.TempDir(), script) }

func launchIn(t *testing.T, run, script string) *launched {
	t.Helper()
	return start(t, run, exec.Command(program, "supervise", "--", "sh", "-c", script))
}

func start(t *testing.T, run string, command *exec.Cmd) *launched {
	t.Helper()
	l := &launched{t: t, run: run, out: &lockedBuffer{}, command: command}
	l.command.Env = append(os.Environ(), "UPM_RUN_DIR="+run)
	l.command.Stdout, l.command.Stderr = l.out, l.out
	// What outlives the launcher holds its output open.
	l.command.WaitDelay = time.Second
	if err := l.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// First the launcher, which would start the agent again; its children come with it.
		children := childrenOf(l.pid())
		_ = l.command.Process.Kill()
		for _, child := range children {
			killSession(child)
		}
		_ = l.command.Wait()
	})
	return l
}

func (l *launched) pid() int { return l.command.Process.Pid }

func (l *launched) output() string { return l.out.String() }

func (l *launched) signal(signal syscall.Signal) { kill(l.t, l.pid(), signal) }

func (l *launched) wait() int {
	l.t.Helper()
	done := make(chan struct{})
	go func() { _ = l.command.Wait(); close(done) }()
	select {
	case <-done:
		return l.command.ProcessState.ExitCode()
	case <-time.After(10 * time.Second):
		l.t.Fatalf("launcher goes on: %s", l.output())
		return -1
	}
}

func (l *launched) file(name string) string {
	text, _ := os.ReadFile(filepath.Join(l.run, name))
	return string(text)
}

func (l *launched) number(name string) int {
	number, err := strconv.Atoi(strings.TrimSpace(l.file(name)))
	if err != nil {
		l.t.Fatalf("%s: %v", name, err)
	}
	return number
}

func (l *launched) recorded(name string) int {
	var pid, ticks int
	if _, err := fmt.Sscan(l.file(name), &pid, &ticks); err != nil {
		l.t.Fatalf("%s: %v", name, err)
	}
	return pid
}

func (l *launched) eventually(what string, condition func() bool) {
	l.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !condition(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			l.t.Fatalf("not within 10 s: %s\n%s", what, l.output())
		}
	}
}

func kill(t *testing.T, pid int, signal syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(pid, signal); err != nil {
		t.Fatalf("kill %d: %v", pid, err)
	}
}

func exists(pid int) bool {
	_, err := os.Stat("/proc/" + strconv.Itoa(pid))
	return err == nil
}

func childrenOf(parent int) []int {
	var children []int
	for _, pid := range processes() {
		fields, err := statFields(strconv.Itoa(pid))
		if err == nil && fields[parentField] == strconv.Itoa(parent) {
			children = append(children, pid)
		}
	}
	return children
}

const parentField = 1
