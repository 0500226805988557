package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var past = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func files(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for path, mode := range map[string]os.FileMode{"bin/java": 0o755, "lib/a.jar": 0o644, "lib/server/jvm": 0o444} {
		file := filepath.Join(root, path)
		must(t, os.MkdirAll(filepath.Dir(file), 0o755))
		must(t, os.WriteFile(file, []byte(path), 0o644))
		must(t, os.Chmod(file, mode))
		must(t, os.Chtimes(file, past, past))
	}
	must(t, os.Symlink("a.jar", filepath.Join(root, "lib/link.jar")))
	must(t, os.Chmod(filepath.Join(root, "lib/server"), 0o555))
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(root, "lib/server"), 0o755) })
	return root
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func check(t *testing.T, from, to string) {
	t.Helper()
	for path, mode := range map[string]os.FileMode{"bin/java": 0o755, "lib/a.jar": 0o644, "lib/server/jvm": 0o444} {
		content, err := os.ReadFile(filepath.Join(to, path))
		must(t, err)
		info, err := os.Stat(filepath.Join(to, path))
		must(t, err)
		if string(content) != path || info.Mode().Perm() != mode || !info.ModTime().Equal(past) {
			t.Errorf("%s: %q, %v, %v", path, content, info.Mode(), info.ModTime())
		}
	}
	if link, err := os.Readlink(filepath.Join(to, "lib/link.jar")); err != nil || link != "a.jar" {
		t.Errorf("link: %q, %v", link, err)
	}
	info, err := os.Stat(filepath.Join(to, "lib/server"))
	must(t, err)
	if info.Mode().Perm() != 0o555 {
		t.Errorf("folder: %v", info.Mode())
	}
	must(t, filepath.WalkDir(to, func(path string, _ os.DirEntry, err error) error {
		if strings.HasSuffix(path, ".install") {
			t.Errorf("left behind: %s", path)
		}
		return err
	}))
}

func TestKeepsModesTimesAndLinks(t *testing.T) {
	from, to := files(t), filepath.Join(t.TempDir(), "new")
	must(t, copyTree(from, to))
	check(t, from, to)
	must(t, os.Chmod(filepath.Join(to, "lib/server"), 0o755))
}

func TestReplacesAnEarlierCopy(t *testing.T) {
	from, to := files(t), t.TempDir()
	must(t, copyTree(from, to))
	must(t, os.WriteFile(filepath.Join(to, "lib/a.jar"), []byte("old"), 0o644))
	must(t, os.WriteFile(filepath.Join(to, "bin/java.install"), []byte("half"), 0o600))
	must(t, copyTree(from, to))
	check(t, from, to)
	must(t, os.Chmod(filepath.Join(to, "lib/server"), 0o755))
}

func TestLeavesTheRootsModeAlone(t *testing.T) {
	from, to := files(t), t.TempDir()
	must(t, os.Chmod(to, 0o2777|os.ModeSetgid))
	must(t, copyTree(from, to))
	info, err := os.Stat(to)
	must(t, err)
	if info.Mode().Perm() != 0o777 {
		t.Errorf("root: %v", info.Mode())
	}
	must(t, os.Chmod(filepath.Join(to, "lib/server"), 0o755))
}
