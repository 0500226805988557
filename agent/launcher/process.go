package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

// childInfo is the part of siginfo_t that waitid(2) fills in on 64-bit Linux.
type childInfo struct {
	signal, errno, code, _ int32
	pid                    int32
	uid                    uint32
	status                 int32
	_                      [100]byte
}

// nextEnded finds a child that has ended and leaves it to be buried, so that its exit code can be
// written before its process id is gone: who sees the process gone also finds the code.
func nextEnded() (pid, code int, found bool) {
	const exited = 1
	info, err := peek()
	switch {
	case err != 0 || info.pid == 0:
		return 0, 0, false
	case info.code == exited:
		return int(info.pid), int(info.status), true
	default:
		return int(info.pid), 128 + int(info.status), true
	}
}

func hasChildren() bool {
	_, err := peek()
	return err != syscall.ECHILD
}

// peek looks for a child that has ended; without one the process id is 0.
func peek() (childInfo, syscall.Errno) {
	const anyChild = 0
	for {
		var info childInfo
		_, _, err := syscall.Syscall6(syscall.SYS_WAITID, anyChild, 0, uintptr(unsafe.Pointer(&info)),
			syscall.WEXITED|syscall.WNOHANG|syscall.WNOWAIT, 0, 0)
		if err != syscall.EINTR {
			return info, err
		}
	}
}

// bury waits for a child that has ended or is about to.
func bury(pid int) {
	for {
		if _, err := syscall.Wait4(pid, nil, 0, nil); err != syscall.EINTR {
			return
		}
	}
}

func becomeSubreaper() error {
	const setChildSubreaper = 36 // PR_SET_CHILD_SUBREAPER
	if _, _, errno := syscall.Syscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0); errno != 0 {
		return errno
	}
	return nil
}

var signals = map[string]syscall.Signal{
	"TERM": syscall.SIGTERM, "INT": syscall.SIGINT, "QUIT": syscall.SIGQUIT, "KILL": syscall.SIGKILL,
}

// sendSignal does nothing when the process of the record is gone.
func sendSignal(record string, signal syscall.Signal) (int, error) {
	text, err := os.ReadFile(record)
	if err != nil {
		return 1, err
	}
	var pid int
	var ticks uint64
	if _, err := fmt.Sscan(string(text), &pid, &ticks); err != nil {
		return 1, fmt.Errorf("%s is not a record: %w", record, err)
	}
	// On Linux this holds the process itself, not its id, so what is checked is what is signalled.
	process, err := os.FindProcess(pid)
	if err != nil {
		return 1, err
	}
	defer process.Release()
	if found, err := startTicks(strconv.Itoa(pid)); err != nil || found != ticks {
		return 0, nil
	}
	if err := process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return 1, err
	}
	return 0, nil
}

// closeOthersOnExec keeps open files from a program that this process turns into, from the given one
// on. A kernel without close_range(2) (before 5.11) is left to close the given one alone.
func closeOthersOnExec(first int) {
	const closeRange, onExec = 436, 4
	if _, _, errno := syscall.Syscall(closeRange, uintptr(first), uintptr(^uint32(0)), onExec); errno != 0 {
		syscall.CloseOnExec(first)
	}
}

// killSession ends all that is left of a session, looking again until nothing is, since a process
// may fork while it is looked for.
func killSession(session int) {
	for range 20 {
		killed := false
		for _, pid := range processes() {
			fields, err := statFields(strconv.Itoa(pid))
			if err != nil || fields[stateField] == "Z" || fields[sessionField] != strconv.Itoa(session) {
				continue
			}
			killed = syscall.Kill(pid, syscall.SIGKILL) == nil || killed
		}
		if !killed {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func processes() []int {
	directory, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer directory.Close()
	names, _ := directory.Readdirnames(-1)
	var pids []int
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}
