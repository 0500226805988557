// Command open-volumes makes every folder that appears in a folder writable for any user.
//
// Kubernetes' host-path provisioner makes its volumes with mode 0750, whatever its umask, and kubelet sets neither owner nor
// group on them: a container that isn't root could not write.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"unsafe"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: open-volumes FOLDER")
		os.Exit(2)
	}
	fmt.Fprintln(os.Stderr, "open-volumes:", watch(os.Args[1]))
	os.Exit(1)
}

func watch(folder string) error {
	inotify, err := syscall.InotifyInit1(syscall.IN_CLOEXEC)
	if err != nil {
		return fmt.Errorf("inotify: %w", err)
	}
	if _, err := syscall.InotifyAddWatch(inotify, folder, syscall.IN_CREATE|syscall.IN_ONLYDIR); err != nil {
		return fmt.Errorf("watch %s: %w", folder, err)
	}
	// Only now: what came before the watch is seen here, what comes later by the watch.
	present, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range present {
		open(folder, entry.Name())
	}
	buffer := make([]byte, 64<<10)
	for {
		n, err := syscall.Read(inotify, buffer)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
		for _, name := range names(buffer[:n]) {
			open(folder, name)
		}
	}
}

func names(events []byte) []string {
	var found []string
	for len(events) >= syscall.SizeofInotifyEvent {
		event := (*syscall.InotifyEvent)(unsafe.Pointer(&events[0]))
		end := syscall.SizeofInotifyEvent + int(event.Len)
		found = append(found, string(bytes.TrimRight(events[syscall.SizeofInotifyEvent:end], "\x00")))
		events = events[end:]
	}
	return found
}

func open(folder, name string) {
	path := filepath.Join(folder, name)
	if info, err := os.Lstat(path); err != nil || !info.IsDir() {
		return
	}
	if err := os.Chmod(path, 0o777); err != nil && !os.IsNotExist(err) {
		fmt.Fprintln(os.Stderr, "open-volumes:", err)
	}
}
