package main

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// get feeds an object to the program, or makes the directory of it, or only looks whether it is what was stored.
func get(ctx context.Context, bucket *bucket, t *task, reports *reports) (result, error) {
	body, err := bucket.stream(ctx, t.Key)
	if err != nil {
		return result{}, err
	}
	defer body.Close()
	where := bucket.where(t.Key)
	stored, raw := newMeter(), newMeter()
	decoded, err := t.Encoding.decode(io.TeeReader(&sourced{body, where}, stored))
	if err != nil {
		return result{}, unreadable(where, err)
	}
	following, stop := context.WithCancel(ctx)
	defer stop()
	go reports.follow(following, &raw.bytes)
	data := &proven{from: io.TeeReader(decoded, raw), where: where, check: func() error {
		return t.Expected.compare(&sums{stored.bytes.Load(), stored.sum(), raw.bytes.Load(), raw.sum()}, where)
	}}
	done := result{}
	switch {
	case t.Verb == "check":
		_, err = io.Copy(io.Discard, data)
	case t.Directory != "":
		err = t.Directory.unpack(ctx, data, where)
	case t.Next != nil:
		done.Said, err = t.Program.through(ctx, data, t.Next)
	default:
		done.Said, err = t.Program.consume(ctx, data, nil)
	}
	if err != nil {
		return result{}, err
	}
	done.Sums = &sums{stored.bytes.Load(), stored.sum(), raw.bytes.Load(), raw.sum()}
	return done, nil
}

// sourced marks failures of the store, which are none of the data.
type sourced struct {
	from  io.Reader
	where string
}

func (s *sourced) Read(into []byte) (int, error) {
	n, err := s.from.Read(into)
	if err != nil && err != io.EOF {
		return n, &lostError{s.where, err}
	}
	return n, err
}

// lostError is said when the store stopped in the middle.
type lostError struct {
	where string
	cause error
}

func (e *lostError) Error() string { return e.where + ": " + e.cause.Error() }
func (e *lostError) Unwrap() error { return e.cause }

// proven lets its reader see the end only when everything was what is expected.
type proven struct {
	from  io.Reader
	where string
	check func() error
}

func (p *proven) Read(into []byte) (int, error) {
	n, err := p.from.Read(into)
	switch {
	case err == nil:
		return n, nil
	case err == io.EOF:
		if wrong := p.check(); wrong != nil {
			return n, wrong
		}
		return n, io.EOF
	default:
		return n, unreadable(p.where, err)
	}
}

// unreadable tells a damaged object, or a wrong key, from a store that can't be reached.
func unreadable(where string, err error) error {
	var lost *lostError
	if errors.As(err, &lost) {
		return lost
	}
	return &damagedError{fmt.Sprintf("%s can't be read: the key is another one, or the data are damaged: %v", where, err)}
}

func (s *sums) compare(found *sums, where string) error {
	if s == nil || *s == *found {
		return nil
	}
	if s.StoredBytes != found.StoredBytes {
		return &damagedError{fmt.Sprintf("%s has %d bytes; %d were stored", where, found.StoredBytes, s.StoredBytes)}
	}
	return &damagedError{where + " is damaged: its SHA-256 is another one than when it was stored"}
}
