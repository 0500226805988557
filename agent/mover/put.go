package main

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"golang.org/x/sync/errgroup"
)

const (
	// A store takes 10,000 parts of an object at most, of 5 MiB and more (Amazon S3 user guide,
	// "Amazon S3 multipart upload limits").
	mostParts     = 10_000
	smallestBytes = 8 << 20
	// Sent at once while the next one fills: 4 parts are all the memory that data takes.
	senders = 3
)

// put stores what the program writes, or the directory, as one object: all of it, or nothing.
func put(ctx context.Context, bucket *bucket, t *task, reports *reports) (result, error) {
	upload, err := bucket.begin(ctx, t.Key)
	if err != nil {
		return result{}, err
	}
	done, err := t.send(ctx, upload, reports)
	if err != nil {
		upload.abort(ctx)
		return result{}, err
	}
	return done, nil
}

func (t *task) send(ctx context.Context, upload *upload, reports *reports) (result, error) {
	estimate, err := t.estimate(ctx)
	if err != nil {
		return result{}, err
	}
	parts := newParts(ctx, upload, partBytes(estimate))
	defer parts.stop()
	stored, raw := newMeter(), newMeter()
	encoded, err := t.Encoding.encode(io.MultiWriter(stored, parts))
	if err != nil {
		return result{}, err
	}
	following, stop := context.WithCancel(ctx)
	defer stop()
	go reports.follow(following, &raw.bytes)
	head := &head{}
	said, err := t.produce(parts.ctx, io.MultiWriter(raw, encoded), head)
	if failed := parts.failure(); failed != nil {
		// The program saw but a broken pipe.
		return result{}, failed
	}
	if err != nil {
		return result{}, err
	}
	if err := encoded.Close(); err != nil {
		return result{}, err
	}
	if err := parts.finish(); err != nil {
		return result{}, err
	}
	return result{
		Said: said,
		Head: string(head.kept),
		Sums: &sums{stored.bytes.Load(), stored.sum(), raw.bytes.Load(), raw.sum()},
	}, nil
}

func (t *task) estimate(ctx context.Context) (int64, error) {
	if t.Directory != "" {
		return t.Directory.size(ctx)
	}
	return t.Estimate, nil
}

// produce writes what is put; of a program the beginning goes to head as well.
func (t *task) produce(ctx context.Context, to io.Writer, head io.Writer) (string, error) {
	if t.Directory != "" {
		return "", t.Directory.pack(ctx, to)
	}
	return t.Program.produce(ctx, io.MultiWriter(to, head))
}

// partBytes chooses parts so large that twice the estimate fits into as many as a store takes.
func partBytes(estimate int64) int {
	return int(max(smallestBytes, 2*estimate/mostParts))
}

// parts cuts what is written into parts and sends them, a few at once.
type parts struct {
	// Ends when a part can't be sent.
	ctx    context.Context
	cancel context.CancelCauseFunc
	upload *upload
	group  *errgroup.Group
	free   chan []byte
	now    []byte
	count  int32
	sent   []types.CompletedPart
	failed atomic.Pointer[error]
}

func newParts(ctx context.Context, upload *upload, size int) *parts {
	p := &parts{
		upload: upload,
		group:  &errgroup.Group{},
		free:   make(chan []byte, senders+1),
		// Never moved: senders write into it.
		sent: make([]types.CompletedPart, 0, mostParts),
	}
	p.ctx, p.cancel = context.WithCancelCause(ctx)
	for range senders + 1 {
		p.free <- make([]byte, 0, size)
	}
	p.now = <-p.free
	return p
}

func (p *parts) stop() { p.cancel(nil) }

func (p *parts) failure() error {
	if failed := p.failed.Load(); failed != nil {
		return *failed
	}
	return nil
}

func (p *parts) Write(data []byte) (int, error) {
	for rest := data; len(rest) > 0; {
		n := copy(p.now[len(p.now):cap(p.now)], rest)
		p.now = p.now[:len(p.now)+n]
		rest = rest[n:]
		if len(p.now) == cap(p.now) {
			if err := p.push(); err != nil {
				return 0, err
			}
		}
	}
	return len(data), nil
}

// push has the filled part sent, and waits for a buffer that is free.
func (p *parts) push() error {
	if p.count == mostParts {
		return fmt.Errorf("more than %d parts of %d bytes", mostParts, cap(p.now))
	}
	p.count++
	number, content, slot := p.count, p.now, len(p.sent)
	p.sent = append(p.sent, types.CompletedPart{})
	sent := p.sent
	p.group.Go(func() error {
		part, err := p.upload.part(p.ctx, number, content)
		if err != nil {
			p.failed.CompareAndSwap(nil, &err)
			p.cancel(err)
			return err
		}
		sent[slot] = part
		p.free <- content[:0]
		return nil
	})
	select {
	case p.now = <-p.free:
		return nil
	case <-p.ctx.Done():
		return context.Cause(p.ctx)
	}
}

// finish sends what is left, of nothing too, and has the store put the parts together.
func (p *parts) finish() error {
	if len(p.now) > 0 || p.count == 0 {
		if err := p.push(); err != nil {
			return err
		}
	}
	if err := p.group.Wait(); err != nil {
		return err
	}
	return p.upload.complete(p.ctx, p.sent)
}
