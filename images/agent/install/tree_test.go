package main

import (
	"os"
	"path/filepath"
	"testing"
)

func volume(t *testing.T) (from string, install func(id string) error, to string) {
	t.Helper()
	from, to = agentTree(t), t.TempDir()
	must(t, copyTree(from, to))
	t.Cleanup(func() { _ = removeTree(to) })
	return from, func(id string) error {
		return tree{from: from, id: id, volume: to, home: "/opt/upm"}.install()
	}, to
}

// agentTree is a tree with a command line.
func agentTree(t *testing.T) string {
	t.Helper()
	root := files(t)
	must(t, os.WriteFile(filepath.Join(root, arguments), []byte("-cp /opt/upm/lib/a.jar:/opt/upm/lib/b.jar Main\n"), 0o644))
	return root
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(path...))
	must(t, err)
	return string(content)
}

func TestATreeComesBesideTheOneThatIsThere(t *testing.T) {
	from, install, to := volume(t)
	must(t, install("b2"))
	check(t, from, filepath.Join(to, "trees/b2"))
	if said := read(t, to, "tree"); said != "b2\n" {
		t.Errorf("the note says %q", said)
	}
	want := "-cp /opt/upm/trees/b2/lib/a.jar:/opt/upm/trees/b2/lib/b.jar Main\n"
	if moved := read(t, to, "trees/b2", arguments); moved != want {
		t.Errorf("command line %q", moved)
	}
	if first := read(t, to, arguments); first != read(t, from, arguments) {
		t.Errorf("the first one has %q", first)
	}
}

func TestOnlyTheTreeThatWasNamedBeforeStays(t *testing.T) {
	_, install, to := volume(t)
	must(t, install("b2"))
	must(t, os.MkdirAll(filepath.Join(to, "trees/b9.new/lib"), 0o755))
	must(t, install("b3"))
	must(t, install("b4"))
	entries, err := os.ReadDir(filepath.Join(to, "trees"))
	must(t, err)
	if len(entries) != 2 || entries[0].Name() != "b3" || entries[1].Name() != "b4" {
		t.Errorf("there are %v", entries)
	}
	must(t, install("b3"))
	if said := read(t, to, "tree"); said != "b3\n" {
		t.Errorf("the note says %q", said)
	}
}

func TestAnIdIsNoPath(t *testing.T) {
	_, install, to := volume(t)
	for _, id := range []string{"", "..", "a/b", "A"} {
		if install(id) == nil {
			t.Errorf("%q is taken", id)
		}
	}
	if _, err := os.Stat(filepath.Join(to, "tree")); err == nil {
		t.Error("there is a note")
	}
}
