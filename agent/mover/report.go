package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// pace is how often progress is told.
const pace = 500 * time.Millisecond

// reports writes what happens, one line each.
type reports struct {
	lock sync.Mutex
	out  *json.Encoder
}

type report struct {
	// Bytes that went through so far, before compression.
	Bytes *int64   `json:"bytes,omitempty"`
	Done  *result  `json:"done,omitempty"`
	Error *problem `json:"error,omitempty"`
}

// problem is why a task failed.
type problem struct {
	Message string `json:"message"`
	// Retryable when trying again may help.
	Retryable bool `json:"retryable"`
	// Missing when there is no such object.
	Missing bool `json:"missing"`
}

func newReports(out io.Writer) *reports {
	return &reports{out: json.NewEncoder(out)}
}

// tell writes a line; if nobody reads it any more, the end of standard input ends the task.
func (r *reports) tell(said report) {
	r.lock.Lock()
	defer r.lock.Unlock()
	_ = r.out.Encode(said)
}

func (r *reports) done(done result) { r.tell(report{Done: &done}) }

func (r *reports) failed(err error) {
	var missing *missingError
	r.tell(report{Error: &problem{
		Message:   err.Error(),
		Retryable: mayPass(err),
		Missing:   errors.As(err, &missing),
	}})
}

// follow tells how far a counter is until the context ends.
func (r *reports) follow(ctx context.Context, counter *atomic.Int64) {
	ticker := time.NewTicker(pace)
	defer ticker.Stop()
	for last := int64(-1); ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if now := counter.Load(); now != last {
				last = now
				r.tell(report{Bytes: &now})
			}
		}
	}
}
