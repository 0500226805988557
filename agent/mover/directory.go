package main

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Of a file, so much is in memory at once.
const copyBytes = 256 << 10

// directory is a tree of files that is stored as one tar stream, or made of one. It holds directories and
// regular files, with their modes; anything else in it is refused, on both ways.
type directory string

// size of its files, which is about what its stream has.
func (d directory) size(ctx context.Context) (int64, error) {
	var sum int64
	err := d.walk(ctx, func(_ *os.Root, _ string, info fs.FileInfo) error {
		sum += info.Size()
		return nil
	})
	return sum, err
}

// pack writes it, in the order of its names.
func (d directory) pack(ctx context.Context, to io.Writer) error {
	stream, buffer := tar.NewWriter(to), make([]byte, copyBytes)
	err := d.walk(ctx, func(root *os.Root, name string, info fs.FileInfo) error {
		header := &tar.Header{Format: tar.FormatPAX, Name: name, Mode: int64(info.Mode().Perm()), ModTime: info.ModTime()}
		if info.IsDir() {
			header.Typeflag, header.Name = tar.TypeDir, name+"/"
			return stream.WriteHeader(header)
		}
		header.Typeflag, header.Size = tar.TypeReg, info.Size()
		if err := stream.WriteHeader(header); err != nil {
			return err
		}
		return packFile(ctx, root, name, stream, buffer)
	})
	if err != nil {
		return err
	}
	return stream.Close()
}

// packFile copies content; one that has changed its size since its header was written is refused by the stream.
func packFile(ctx context.Context, root *os.Root, name string, stream *tar.Writer, buffer []byte) error {
	file, err := root.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := copyWhile(ctx, stream, file, buffer); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return stream.Flush()
}

// walk visits what is below it, directories before what they hold.
func (d directory) walk(ctx context.Context, visit func(*os.Root, string, fs.FileInfo) error) error {
	root, err := os.OpenRoot(string(d))
	if err != nil {
		return err
	}
	defer root.Close()
	return fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if !entry.IsDir() && !entry.Type().IsRegular() {
			return &failedError{fmt.Sprintf("%s is neither a file nor a directory", filepath.Join(string(d), name))}
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		return visit(root, name, info)
	})
}

// unpack makes it of a stream, which it reads to its end. It must be there and be empty, and nothing is written
// beside it. When that fails, what was written so far is left.
func (d directory) unpack(ctx context.Context, from io.Reader, where string) error {
	root, err := os.OpenRoot(string(d))
	if err != nil {
		return err
	}
	defer root.Close()
	if err := d.checkEmpty(root); err != nil {
		return err
	}
	u := &unpacking{ctx, root, tar.NewReader(from), make([]byte, copyBytes), where}
	if err := u.all(); err != nil {
		return err
	}
	// Only then is it proven to be what was stored.
	_, err = copyWhile(ctx, io.Discard, from, u.buffer)
	return err
}

func (d directory) checkEmpty(root *os.Root) error {
	found, err := fs.ReadDir(root.FS(), ".")
	if err == nil && len(found) > 0 {
		return &failedError{fmt.Sprintf("%s is not empty: there is %s", d, found[0].Name())}
	}
	return err
}

// unpacking is a stream that becomes a directory.
type unpacking struct {
	ctx    context.Context
	root   *os.Root
	stream *tar.Reader
	buffer []byte
	where  string
}

func (u *unpacking) all() error {
	for {
		header, err := u.stream.Next()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = u.one(header)
		}
		if errors.Is(err, tar.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF) {
			return u.damaged(err.Error())
		}
		if err != nil {
			return err
		}
	}
}

func (u *unpacking) one(header *tar.Header) error {
	name := strings.TrimSuffix(header.Name, "/")
	if !filepath.IsLocal(name) || name != path.Clean(name) || name == "." {
		return u.damaged(fmt.Sprintf("%q is no name below a directory", header.Name))
	}
	mode := fs.FileMode(header.Mode) & fs.ModePerm
	switch header.Typeflag {
	case tar.TypeDir:
		// Its owner writes into it.
		if err := u.root.Mkdir(name, mode|0o700); err != nil {
			return err
		}
		return u.root.Chmod(name, mode|0o700)
	case tar.TypeReg:
		return u.file(name, mode)
	default:
		return u.damaged(fmt.Sprintf("%q is neither a file nor a directory", header.Name))
	}
}

func (u *unpacking) file(name string, mode fs.FileMode) error {
	file, err := u.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := copyWhile(u.ctx, file, u.stream, u.buffer); err != nil {
		file.Close()
		return err
	}
	// Whatever the umask is.
	return errors.Join(file.Chmod(mode), file.Close())
}

// damaged says that a stream is none that pack has written.
func (u *unpacking) damaged(why string) error {
	return &damagedError{u.where + " is damaged: " + why}
}

// copyWhile copies until the end, or until that is not wanted any more.
func copyWhile(ctx context.Context, to io.Writer, from io.Reader, buffer []byte) (int64, error) {
	return io.CopyBuffer(struct{ io.Writer }{to}, &wanted{ctx, from}, buffer)
}

// wanted is read for as long as its context lasts.
type wanted struct {
	ctx  context.Context
	from io.Reader
}

func (w *wanted) Read(into []byte) (int, error) {
	if w.ctx.Err() != nil {
		return 0, context.Cause(w.ctx)
	}
	return w.from.Read(into)
}
