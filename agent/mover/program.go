package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

const (
	// Of what a program says, its end is kept.
	saidBytes = 4 << 10
	// Of what it writes, the beginning is told.
	headBytes = 64 << 10
	// Between asking a program to end and ending it.
	grace = 5 * time.Second
)

// program is what writes or reads the data; nothing for none.
type program struct {
	Command     []string          `json:"command"`
	Environment map[string]string `json:"environment"`
	Directory   string            `json:"directory"`
	// Input of a program that writes: the place for secrets.
	Input []byte `json:"input"`
}

// command makes the program ready to be started; it ends with the context, and with this process.
func (p *program) command(ctx context.Context, said *tail) *exec.Cmd {
	command := exec.CommandContext(ctx, p.Command[0], p.Command[1:]...)
	command.Dir = p.Directory
	command.Env = os.Environ()
	for name, value := range p.Environment {
		command.Env = append(command.Env, name+"="+value)
	}
	command.Stderr = said
	// A group of its own: what it has started ends with it.
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGTERM) }
	command.WaitDelay = grace
	return command
}

// produce runs the program to its end and hands over what it writes to its standard output.
func (p *program) produce(ctx context.Context, to io.Writer) (string, error) {
	said := &tail{}
	command := p.command(ctx, said)
	command.Stdin = bytes.NewReader(p.Input)
	command.Stdout = to
	err := command.Run()
	return said.String(), p.explain(err, said)
}

// consume runs the program to its end with that as its standard input. When that can't be read to its
// end, the program is killed before it can take what it got for all there is. What it writes goes to
// the file, or is part of what it says.
func (p *program) consume(ctx context.Context, from io.Reader, to *os.File) (string, error) {
	said := &tail{}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	command := p.command(ctx, said)
	command.Stdout = said
	if to != nil {
		command.Stdout = to
	}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	input, err := command.StdinPipe()
	if err != nil {
		return "", err
	}
	if err := command.Start(); err != nil {
		return "", err
	}
	fed := make(chan error, 1)
	go func() {
		_, err := io.Copy(input, from)
		switch {
		case err == nil:
			err = input.Close()
		case !errors.Is(err, syscall.EPIPE) && !errors.Is(err, os.ErrClosed):
			cancel(err)
		}
		fed <- err
	}()
	ended := command.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return said.String(), cause
	}
	if ended != nil {
		return said.String(), p.explain(ended, said)
	}
	if err := <-fed; err != nil {
		return said.String(), fmt.Errorf("%s did not read all of the data: %w", p.Command[0], err)
	}
	return said.String(), nil
}

// through is consume with a second program, which reads what the first one writes. This process has the
// way between them open, too, until the first has succeeded: the second sees no end before.
func (p *program) through(ctx context.Context, from io.Reader, next *program) (string, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reads, writes, err := os.Pipe()
	if err != nil {
		return "", err
	}
	defer writes.Close()
	said := &tail{}
	second := next.command(ctx, said)
	second.Stdin, second.Stdout = reads, said
	second.Cancel = func() error { return syscall.Kill(-second.Process.Pid, syscall.SIGKILL) }
	err = second.Start()
	reads.Close()
	if err != nil {
		return "", err
	}
	ended := make(chan error, 1)
	go func() { ended <- second.Wait() }()
	firstSaid, failed := p.consume(ctx, from, writes)
	if failed == nil {
		writes.Close()
		err := <-ended
		return firstSaid + said.String(), next.explain(err, said)
	}
	var itself *failedError
	if errors.As(failed, &itself) {
		// It may have seen but a broken pipe: the other one says why.
		select {
		case err := <-ended:
			if err != nil {
				return said.String(), next.explain(err, said)
			}
			return firstSaid, failed
		case <-time.After(time.Second):
		}
	}
	cancel()
	<-ended
	return firstSaid, failed
}

func (p *program) explain(err error, said *tail) error {
	var ended *exec.ExitError
	if err == nil || !errors.As(err, &ended) {
		return err
	}
	last := strings.TrimSpace(said.String())
	return &failedError{fmt.Sprintf("%s ended with %s: %s", p.Command[0], ended.ProcessState, last)}
}

// tail keeps the end of what is written.
type tail struct{ kept []byte }

func (t *tail) Write(data []byte) (int, error) {
	t.kept = append(t.kept, data...)
	if excess := len(t.kept) - saidBytes; excess > 0 {
		t.kept = append(t.kept[:0], t.kept[excess:]...)
	}
	return len(data), nil
}

func (t *tail) String() string { return string(t.kept) }

// head keeps the beginning of what is written.
type head struct{ kept []byte }

func (h *head) Write(data []byte) (int, error) {
	h.kept = append(h.kept, data[:min(len(data), headBytes-len(h.kept))]...)
	return len(data), nil
}
