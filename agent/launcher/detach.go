package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// become is the verb with which detach runs this program once more, as the process that turns into
// the detached program.
const become = "become"

// failurePipe is where that process says why it could not.
const failurePipe = 3

// detach starts a program that neither the caller's death nor a closed pipe of the caller reaches:
// in a session of its own, with this process's standard output as both its outputs. It returns once
// the program runs. Since this process ends then, the program becomes a child of the supervisor.
func detach(record string, command []string) (int, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return 1, err
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		return 1, err
	}
	arguments := append([]string{os.Args[0], become, "--record", record, "--"}, command...)
	pid, err := syscall.ForkExec("/proc/self/exe", arguments, &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{null.Fd(), 1, 1, writer.Fd()},
		Sys:   &syscall.SysProcAttr{Setsid: true},
	})
	writer.Close()
	if err != nil {
		return 1, err
	}
	failure, err := io.ReadAll(reader)
	if err != nil {
		return 1, err
	}
	if len(failure) > 0 {
		bury(pid)
		return 1, errors.New(string(failure))
	}
	return 0, nil
}

// becomeProgram leaves the record first and then turns into the program, so that there is never an
// engine without a record. It returns only when that failed.
func becomeProgram(record string, command []string) error {
	closeOthersOnExec(failurePipe)
	exit := exitOf(runDirectory(), os.Getpid())
	err := replaceProcess(record, exit, command)
	_ = os.Remove(record)
	_ = os.Remove(exit)
	fmt.Fprint(os.NewFile(failurePipe, "failure"), err)
	return nil
}

func replaceProcess(record, exit string, command []string) error {
	program, err := exec.LookPath(command[0])
	if err != nil {
		return err
	}
	ticks, err := startTicks("self")
	if err != nil {
		return err
	}
	// An empty file asks the supervisor to keep the exit code; other orphans leave nothing behind.
	if err := os.WriteFile(exit, nil, 0o640); err != nil {
		return err
	}
	if err := writeAtomically(record, fmt.Sprintf("%d %d\n", os.Getpid(), ticks)); err != nil {
		return err
	}
	return fmt.Errorf("%s can't be run: %w", program, syscall.Exec(program, command, os.Environ()))
}

func exits(run string) string { return filepath.Join(run, "exits") }

func exitOf(run string, pid int) string { return filepath.Join(exits(run), strconv.Itoa(pid)) }

// keepExit writes how a process ended, if it was started by detach.
func keepExit(run string, pid, code int) error {
	file := exitOf(run, pid)
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return writeAtomically(file, strconv.Itoa(code)+"\n")
}

func writeAtomically(file, text string) error {
	temporary := file + ".new"
	if err := os.WriteFile(temporary, []byte(text), 0o640); err != nil {
		return err
	}
	return os.Rename(temporary, file)
}

// startTicks is when a process began, in clock ticks since boot: with the process id it names one
// process for ever.
func startTicks(pid string) (uint64, error) {
	fields, err := statFields(pid)
	if err != nil {
		return 0, err
	}
	return strconv.ParseUint(fields[startField], 10, 64)
}

// Places in what follows the program's name in /proc/<pid>/stat; see proc(5).
const (
	stateField   = 0
	sessionField = 3
	startField   = 19
)

func statFields(pid string) ([]string, error) {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return nil, err
	}
	// The name is in parentheses and may itself hold any character.
	text := string(stat)
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(fields) <= startField {
		return nil, fmt.Errorf("/proc/%s/stat is too short", pid)
	}
	return fields, nil
}
