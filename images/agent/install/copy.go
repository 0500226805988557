package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// copyTree copies what is in from into to, which may hold an earlier copy: an init container runs
// again when its Pod's sandbox is replaced. Modes and modification times are kept; Java's caches
// look at the latter. The mode of to itself stays, since a volume's root isn't ours.
func copyTree(from, to string) error {
	type directory struct {
		path string
		info fs.FileInfo
	}
	var directories []directory
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, relative)
		info, err := entry.Info()
		if err != nil {
			return err
		}
		switch {
		case entry.IsDir() && relative == ".":
			return os.MkdirAll(target, 0o755)
		case entry.IsDir():
			directories = append(directories, directory{target, info})
			return makeDirectory(target)
		case info.Mode().IsRegular():
			return replace(target, func(temporary string) error { return copyFile(path, temporary, info) })
		case info.Mode()&fs.ModeSymlink != 0:
			return replace(target, func(temporary string) error { return copyLink(path, temporary) })
		default:
			return fmt.Errorf("%s is neither file, folder nor link", path)
		}
	})
	if err != nil {
		return err
	}
	// Deepest first, when nothing is written into them any more.
	for i := len(directories) - 1; i >= 0; i-- {
		d := directories[i]
		if err := finish(d.path, d.info); err != nil {
			return err
		}
	}
	return nil
}

func makeDirectory(path string) error {
	err := os.Mkdir(path, 0o755)
	if errors.Is(err, fs.ErrExist) {
		return os.Chmod(path, 0o755)
	}
	return err
}

// replace never leaves half a file under its own name, and never writes into a program that runs.
func replace(target string, write func(temporary string) error) error {
	temporary := target + ".install"
	if err := os.Remove(temporary); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := write(temporary); err != nil {
		return err
	}
	return os.Rename(temporary, target)
}

func copyFile(from, to string, info fs.FileInfo) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	return finish(to, info)
}

func copyLink(from, to string) error {
	pointsTo, err := os.Readlink(from)
	if err != nil {
		return err
	}
	return os.Symlink(pointsTo, to)
}

func finish(path string, info fs.FileInfo) error {
	// Not the mode given at creation: the umask would take bits away.
	if err := os.Chmod(path, info.Mode().Perm()); err != nil {
		return err
	}
	return os.Chtimes(path, info.ModTime(), info.ModTime())
}
