// Mover carries data between a program beside an engine and an object store: compressed, encrypted
// and checked on the way, at constant memory and without a copy on disk. The agent starts it for one
// task; a JVM for the same would take several times the memory, next to a database that has been
// promised it.
//
// The task is one line of JSON on standard input, where secrets are seen by nobody else. Standard
// input then stays open: when it ends, so has the agent, and the mover gives up. What happens is one
// line of JSON each on standard output, the last one with "done" or "error".
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// Of what is in use, so much more may be taken before garbage is collected: there is a database beside this.
const garbagePercent = 25

func main() {
	debug.SetGCPercent(garbagePercent)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	reports := newReports(os.Stdout)
	done, err := serve(ctx, bufio.NewReader(os.Stdin), reports)
	if err != nil {
		reports.failed(err)
		stop()
		os.Exit(1)
	}
	reports.done(done)
}

// serve reads the task and does it, for as long as somebody wants that.
func serve(ctx context.Context, input *bufio.Reader, reports *reports) (result, error) {
	var task task
	line, err := input.ReadBytes('\n')
	if err != nil {
		return result{}, fmt.Errorf("the task can't be read: %w", err)
	}
	if err := json.Unmarshal(line, &task); err != nil {
		return result{}, fmt.Errorf("the task is not understood: %w", err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		// Nothing more is ever said; what is waited for is the end.
		_, _ = io.Copy(io.Discard, input)
		cancel(errAbandoned)
	}()
	done, err := task.do(ctx, reports)
	if err != nil && ctx.Err() != nil {
		return result{}, context.Cause(ctx)
	}
	return done, err
}

var errAbandoned = errors.New("nobody waits for it any more")
