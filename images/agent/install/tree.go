package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

const (
	// Of a volume: folder of the trees that came later.
	trees = "trees"
	// Of a volume: file with the id of the one that agents are to run from.
	note = "tree"
	// Of a tree: the agent's command line, with the paths of its own files in it.
	arguments = "agent.args"
)

var form = regexp.MustCompile(`^[a-z0-9]{1,40}$`)

// tree is an agent's tree that comes to a volume where agents run from another one.
type tree struct {
	from   string
	id     string
	volume string
	// home is where the engine's container has the volume.
	home string
}

// install leaves either everything as it was, or a whole tree and the note. The tree that the note
// named before stays, as an agent may run from it; others go.
func (t tree) install() error {
	if !form.MatchString(t.id) {
		return fmt.Errorf("id %q is not allowed: lower-case letters and digits, at most 40", t.id)
	}
	before, err := os.ReadFile(filepath.Join(t.volume, note))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	named := strings.TrimSpace(string(before))
	if err := t.tidy(named); err != nil {
		return err
	}
	target := filepath.Join(t.volume, trees, t.id)
	if _, err := os.Stat(target); errors.Is(err, fs.ErrNotExist) {
		if err := t.copyTo(target); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	return replace(filepath.Join(t.volume, note), func(temporary string) error {
		return os.WriteFile(temporary, []byte(t.id+"\n"), 0o644)
	})
}

// tidy removes what no agent runs from: half a tree of an install that was interrupted, too.
func (t tree) tidy(named string) error {
	entries, err := os.ReadDir(filepath.Join(t.volume, trees))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, entry := range entries {
		if entry.Name() != named && entry.Name() != t.id {
			if err := removeTree(filepath.Join(t.volume, trees, entry.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// removeTree removes folders that must not be written, too.
func removeTree(root string) error {
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			return os.Chmod(path, 0o755)
		}
		return err
	})
	if err != nil {
		return err
	}
	return os.RemoveAll(root)
}

func (t tree) copyTo(target string) error {
	half := target + ".new"
	if err := copyTree(t.from, half); err != nil {
		return err
	}
	if err := t.move(filepath.Join(half, arguments)); err != nil {
		return err
	}
	return os.Rename(half, target)
}

// move has the command line name the files of the tree where they are now.
func (t tree) move(file string) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	moved := bytes.ReplaceAll(content, []byte(source+"/"), []byte(filepath.Join(t.home, trees, t.id)+"/"))
	return replace(file, func(temporary string) error {
		if err := os.WriteFile(temporary, moved, 0o600); err != nil {
			return err
		}
		return finish(temporary, info)
	})
}
