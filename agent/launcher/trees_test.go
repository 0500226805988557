package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const (
	// What an agent is that serves, and ends as soon as another tree is named that isn't refused.
	serves = `echo "$UPM_TREE" >>"$UPM_RUN_DIR/served"; : >"$UPM_RUN_DIR/serves-$UPM_TREE"
		while :; do
			named=$(cat "$UPM_TREES/tree" 2>/dev/null)
			case ",$UPM_TREE,$UPM_TREES_REFUSED," in *,"$named",*) sleep 0.02;; *) exit 75;; esac
		done`
	fails = `echo "$UPM_TREE" >>"$UPM_RUN_DIR/failed"; exit 1`
)

// planted is a launcher in a tree of its own, whose agents are scripts.
type planted struct {
	*launched
	root string
}

func plant(t *testing.T, first string) *planted {
	t.Helper()
	root, run := t.TempDir(), t.TempDir()
	p := &planted{root: root}
	p.put(t, "", first)
	content, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(root, "bin", "launcher")
	if err := os.WriteFile(own, content, 0o755); err != nil {
		t.Fatal(err)
	}
	p.launched = start(t, run, exec.Command(own))
	return p
}

// put plants a tree; the note is another matter.
func (p *planted) put(t *testing.T, tree, script string) {
	t.Helper()
	home := p.root
	if tree != "" {
		home = filepath.Join(p.root, treeFolder, tree)
	}
	if err := os.MkdirAll(filepath.Join(home, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	java := "#!/bin/sh\n[ \"$1\" = \"@$UPM_HOME/agent.args\" ] || exit 9\n" + script + "\n"
	if err := os.WriteFile(filepath.Join(home, "bin", "java"), []byte(java), 0o755); err != nil {
		t.Fatal(err)
	}
}

func (p *planted) name(t *testing.T, tree string) {
	t.Helper()
	draft := filepath.Join(p.root, "draft")
	if err := os.WriteFile(draft, []byte(tree+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(draft, filepath.Join(p.root, treeNote)); err != nil {
		t.Fatal(err)
	}
}

func TestTheNextAgentRunsFromTheTreeThatIsNamed(t *testing.T) {
	p := plant(t, serves)
	p.put(t, "b2", serves)
	p.eventually("the first one", func() bool { return p.file("served") == "\n" })
	p.name(t, "b2")
	p.eventually("the second one", func() bool { return p.file("served") == "\nb2\n" })
	if !strings.Contains(p.output(), "the agent ended (75), starting it again in 0s") {
		t.Errorf("it said %s", p.output())
	}
}

func TestATreeWhoseAgentsFailGivesWayToTheFormerOne(t *testing.T) {
	p := plant(t, serves)
	p.put(t, "b2", serves)
	p.put(t, "b3", fails)
	p.name(t, "b2")
	p.eventually("the second one", func() bool { return strings.HasSuffix(p.file("served"), "b2\n") })
	p.name(t, "b3")
	p.eventually("the second one again", func() bool { return strings.HasSuffix(p.file("served"), "b2\nb2\n") })
	if failed := p.file("failed"); failed != "b3\nb3\nb3\n" {
		t.Errorf("failed: %q", failed)
	}
	p.put(t, "b4", serves)
	p.name(t, "b4")
	p.eventually("a later one has its own trial", func() bool { return strings.HasSuffix(p.file("served"), "b4\n") })
}

func TestANoteThatNamesNoTreeChangesNothing(t *testing.T) {
	p := plant(t, `echo "$UPM_TREE." >>"$UPM_RUN_DIR/served"; exit 75`)
	p.eventually("a run", func() bool { return p.file("served") != "" })
	for _, note := range []string{"away", "../b2", ""} {
		p.name(t, note)
	}
	p.eventually("pauses that grow", func() bool { return strings.Contains(p.output(), "again in 400ms") })
	if served := p.file("served"); strings.Trim(served, ".\n") != "" {
		t.Errorf("served: %q", served)
	}
}
