package main

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// tree makes a directory of what a server has: large and small files, empty ones, and directories.
func tree(t *testing.T) directory {
	t.Helper()
	root := t.TempDir()
	for _, below := range []string{"db", "empty", strings.Repeat("long", 40)} {
		must(t, os.Mkdir(filepath.Join(root, below), 0o750))
	}
	for name, bytes := range map[string]int{
		"ibdata1": randomBytes, "db/t.ibd": 114688, "db/#sql ü.ibd": 1, "nothing": 0, strings.Repeat("long", 40) + "/f": 513,
	} {
		out, err := os.Create(filepath.Join(root, name))
		must(t, err)
		_, err = io.CopyN(out, randomSource(t), int64(bytes))
		must(t, err)
		must(t, out.Close())
	}
	must(t, os.Chmod(filepath.Join(root, "ibdata1"), 0o640))
	must(t, os.Chmod(filepath.Join(root, "db"), 0o711))
	return directory(root)
}

func randomSource(t *testing.T) io.Reader {
	t.Helper()
	source, err := os.Open("/dev/urandom")
	must(t, err)
	t.Cleanup(func() { source.Close() })
	return source
}

// described lists what is in a directory: names, modes and content.
func described(t *testing.T, root directory) string {
	t.Helper()
	var all strings.Builder
	must(t, filepath.WalkDir(string(root), func(name string, entry fs.DirEntry, err error) error {
		must(t, err)
		info, err := entry.Info()
		must(t, err)
		if name == string(root) {
			return nil
		}
		relative, err := filepath.Rel(string(root), name)
		must(t, err)
		fmt.Fprintf(&all, "%s %s", relative, info.Mode())
		if !entry.IsDir() {
			content, err := os.ReadFile(name)
			must(t, err)
			meter := newMeter()
			_, _ = meter.Write(content)
			fmt.Fprintf(&all, " %d %s", len(content), meter.sum())
		}
		all.WriteByte('\n')
		return nil
	}))
	return all.String()
}

func TestADirectoryComesBackAsItWas(t *testing.T) {
	server, made := startServer(t), tree(t)
	for _, encoded := range []encoding{{"zstd", testKey(1), "it"}, {"none", nil, ""}} {
		t.Run(encoded.Compression, func(t *testing.T) {
			wanted := task{Verb: "put", Store: server.store(), Key: "tree", Encoding: encoded, Directory: made}
			stored, err := run(t, wanted)
			must(t, err)
			again, err := run(t, wanted)
			must(t, err)
			if again.Sums.SHA256 != stored.Sums.SHA256 || stored.Head != "" {
				t.Errorf("%v, and then %v", stored, again)
			}

			wanted.Verb, wanted.Expected, wanted.Directory = "get", again.Sums, directory(t.TempDir())
			_, err = run(t, wanted)

			must(t, err)
			if found, was := described(t, wanted.Directory), described(t, made); found != was {
				t.Errorf("%s\nof what was\n%s", found, was)
			}
		})
	}
}

func TestALinkIsNotPut(t *testing.T) {
	server, made := startServer(t), tree(t)
	must(t, os.Symlink("/etc/passwd", filepath.Join(string(made), "db/link")))

	_, err := run(t, task{Verb: "put", Store: server.store(), Key: "tree", Encoding: encoding{"none", nil, ""}, Directory: made})

	if err == nil || !strings.Contains(err.Error(), "db/link is neither a file nor a directory") || mayPass(err) {
		t.Errorf("said: %v", err)
	}
	if left := server.uploads(); left != 0 {
		t.Errorf("%d uploads left", left)
	}
}

func TestADirectoryThatIsNotEmptyIsNotTouched(t *testing.T) {
	made := tree(t)
	before := described(t, made)

	err := made.unpack(context.Background(), packed(t, &tar.Header{Name: "ibdata1"}), "it")

	if err == nil || !strings.Contains(err.Error(), "is not empty: there is db") {
		t.Errorf("said: %v", err)
	}
	if described(t, made) != before {
		t.Error("it is changed")
	}
}

func TestNothingIsWrittenBesideADirectory(t *testing.T) {
	for _, header := range []*tar.Header{
		{Name: "/tmp/absolute"},
		{Name: "../beside"},
		{Name: "below/../../beside"},
		{Name: "below/./file"},
		{Name: "."},
		{Name: ""},
		{Name: "link", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"},
		{Name: "link", Typeflag: tar.TypeLink, Linkname: "ibdata1"},
		{Name: "device", Typeflag: tar.TypeChar},
		{Name: "pipe", Typeflag: tar.TypeFifo},
	} {
		t.Run(header.Name, func(t *testing.T) {
			around := t.TempDir()
			target := directory(filepath.Join(around, "target"))
			must(t, os.Mkdir(string(target), 0o700))

			err := target.unpack(context.Background(), packed(t, header), "s3://b/it")

			wantDamaged(t, err)
			if !strings.HasPrefix(err.Error(), "s3://b/it is damaged: \""+header.Name+"\" is ") {
				t.Errorf("said: %v", err)
			}
			if left := described(t, directory(around)); strings.Count(left, "\n") != 1 {
				t.Errorf("left: %s", left)
			}
		})
	}
}

func packed(t *testing.T, header *tar.Header) io.Reader {
	t.Helper()
	var into bytes.Buffer
	stream := tar.NewWriter(&into)
	must(t, stream.WriteHeader(header))
	must(t, stream.Close())
	return &into
}

func TestADirectoryOfADamagedObjectIsNotTakenForWhole(t *testing.T) {
	server, made := startServer(t), tree(t)
	for name, spoil := range map[string]func([]byte) []byte{
		"first":  func(data []byte) []byte { data[0] ^= 1; return data },
		"middle": func(data []byte) []byte { data[len(data)/2] ^= 1; return data },
		// After what is read of an archive.
		"last":    func(data []byte) []byte { data[len(data)-1] ^= 1; return data },
		"shorter": func(data []byte) []byte { return data[:len(data)/2] },
		"nothing": func([]byte) []byte { return nil },
	} {
		for _, encoded := range []encoding{{"zstd", testKey(1), "it"}, {"none", nil, ""}} {
			t.Run(name+", "+encoded.Compression, func(t *testing.T) {
				wanted := task{Verb: "put", Store: server.store(), Key: "spoilt", Encoding: encoded, Directory: made}
				stored, err := run(t, wanted)
				must(t, err)
				data, err := os.ReadFile(server.file("spoilt"))
				must(t, err)
				must(t, os.WriteFile(server.file("spoilt"), spoil(data), 0o600))

				wanted.Verb, wanted.Expected, wanted.Directory = "get", stored.Sums, directory(t.TempDir())
				_, err = run(t, wanted)

				wantDamaged(t, err)
			})
		}
	}
}

// A file that never ends to grow: who gives up is heard before its end.
func TestWhoGivesUpEndsADirectory(t *testing.T) {
	server, made := startServer(t), t.TempDir()
	endless := filepath.Join(made, "endless")
	out, err := os.Create(endless)
	must(t, err)
	must(t, out.Truncate(1<<40))
	must(t, out.Close())
	ctx, cancel := context.WithCancelCause(context.Background())
	ended := make(chan error, 1)
	go func() {
		_, err := runFor(ctx, task{
			Verb: "put", Store: server.store(), Key: "endless", Encoding: encoding{"zstd", nil, ""}, Directory: directory(made),
		})
		ended <- err
	}()
	await(t, "it uploads", func() bool { return server.uploads() == 1 })

	cancel(errAbandoned)

	if err := <-ended; !errors.Is(err, errAbandoned) && !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
	if left := server.uploads(); left != 0 {
		t.Errorf("%d uploads left", left)
	}
}

func TestAFullVolumeIsSaid(t *testing.T) {
	made := tree(t)
	var into bytes.Buffer
	must(t, made.pack(context.Background(), &into))
	small := t.TempDir()
	if err := syscall.Mount("tmpfs", small, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("a small volume can't be made: %v", err)
	}
	t.Cleanup(func() { must(t, syscall.Unmount(small, 0)) })

	err := directory(small).unpack(context.Background(), &into, "it")

	if !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("said: %v", err)
	}
}
