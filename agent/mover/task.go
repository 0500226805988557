package main

import (
	"context"
	"fmt"
)

// task is what the agent wants.
type task struct {
	// Verb is put, get, check, write, read, list or remove.
	Verb  string `json:"verb"`
	Store store  `json:"store"`
	// Key of the object; of list and remove the beginning of keys.
	Key      string   `json:"key"`
	Encoding encoding `json:"encoding"`
	// Program whose output is put, or that is fed what is got.
	Program program `json:"program"`
	// Directory that is put, or that is filled with what is got, in the place of a program.
	Directory directory `json:"directory"`
	// Next reads what a program that is fed writes; none when nobody does.
	Next *program `json:"next"`
	// Expected of what is got or checked.
	Expected *sums `json:"expected"`
	// Estimate of the bytes that a program will write; 0 when nobody knows.
	Estimate int64 `json:"estimate"`
	// Content of what is written.
	Content []byte `json:"content"`
}

// result is how a task ended.
type result struct {
	Sums *sums `json:"sums,omitempty"`
	// Content of what was read.
	Content []byte `json:"content,omitempty"`
	// Keys that there are, or that were removed.
	Keys []string `json:"keys,omitempty"`
	// Head is how the bytes that were put begin.
	Head string `json:"head,omitempty"`
	// Said is the end of what the program wrote to its standard error.
	Said string `json:"said,omitempty"`
}

// sums are sizes and SHA-256 digests: of what is stored, and of what that stands for.
type sums struct {
	StoredBytes  int64  `json:"storedBytes"`
	StoredSHA256 string `json:"storedSha256"`
	Bytes        int64  `json:"bytes"`
	SHA256       string `json:"sha256"`
}

func (t *task) do(ctx context.Context, reports *reports) (result, error) {
	bucket, err := t.Store.open(ctx)
	if err != nil {
		return result{}, err
	}
	switch t.Verb {
	case "put", "get", "check":
		return t.move(ctx, bucket, reports)
	case "write":
		return result{}, bucket.write(ctx, t.Key, t.Content)
	case "read":
		content, err := bucket.read(ctx, t.Key)
		return result{Content: content}, err
	case "list":
		keys, err := bucket.list(ctx, t.Key)
		return result{Keys: keys}, err
	case "remove":
		keys, err := bucket.remove(ctx, t.Key)
		return result{Keys: keys}, err
	default:
		return result{}, fmt.Errorf("verb %q is not known", t.Verb)
	}
}

func (t *task) move(ctx context.Context, bucket *bucket, reports *reports) (result, error) {
	if err := t.Encoding.validate(); err != nil {
		return result{}, err
	}
	if t.Verb == "put" {
		return put(ctx, bucket, t, reports)
	}
	return get(ctx, bucket, t, reports)
}
