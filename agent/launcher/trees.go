package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	// Beside the first tree, as images/agent/install leaves them: a file with the id of the tree
	// that the next agent is to run from, and the folder of those trees.
	treeNote   = "tree"
	treeFolder = "trees"
	// For an agent from a new tree to say that it serves.
	treeTrial = 60 * time.Second
	// How often an agent from a new tree may fail before the former one has its place again.
	treeTries = 3
	// Exit code of an agent that ends because another tree is to be run from.
	renew = 75

	treeHome    = "UPM_HOME"
	treeRoot    = "UPM_TREES"
	treeRunning = "UPM_TREE"
	treeRefused = "UPM_TREES_REFUSED"
)

var treeForm = regexp.MustCompile(`^[a-z0-9]{1,40}$`)

// forest is where agents run from: the tree that this launcher lies in, or one that came later. A
// new one is on trial until an agent from it serves; one that fails its trial is not run again by
// this launcher.
type forest struct {
	root    string
	run     string
	trusted string // "" for the first tree
	running string
	failed  map[string]int
	refused []string
}

func newForest(run string) (*forest, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return &forest{root: filepath.Dir(filepath.Dir(self)), run: run, failed: map[string]int{}}, nil
}

// next tells what to run now, and what is added to its environment.
func (f *forest) next() (command, environment []string, err error) {
	f.running = f.wanted()
	if f.onTrial() {
		if err := os.Remove(f.proof()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, nil, err
		}
	}
	home := f.home(f.running)
	return []string{filepath.Join(home, "bin", "java"), "@" + filepath.Join(home, "agent.args")},
		[]string{
			treeHome + "=" + home,
			treeRoot + "=" + f.root,
			treeRunning + "=" + f.running,
			treeRefused + "=" + strings.Join(f.refused, ","),
		}, nil
}

func (f *forest) home(tree string) string {
	if tree == "" {
		return f.root
	}
	return filepath.Join(f.root, treeFolder, tree)
}

// wanted is what the note names, if it can be run from; else what was run from before.
func (f *forest) wanted() string {
	content, err := os.ReadFile(filepath.Join(f.root, treeNote))
	if err != nil {
		return f.trusted
	}
	tree := strings.TrimSpace(string(content))
	if !treeForm.MatchString(tree) || slices.Contains(f.refused, tree) {
		return f.trusted
	}
	if _, err := os.Stat(f.home(tree)); err != nil {
		return f.trusted
	}
	return tree
}

func (f *forest) onTrial() bool {
	return f.running != f.trusted
}

// proof is the file that an agent makes when it serves.
func (f *forest) proof() string {
	return filepath.Join(f.run, "serves-"+f.running)
}

// look ends the trial of an agent that serves.
func (f *forest) look() {
	if !f.onTrial() {
		return
	}
	if _, err := os.Stat(f.proof()); err == nil {
		log.Printf("the agent serves from tree %s", f.running)
		f.trusted = f.running
	}
}

// ended tells whether another agent is to be started at once.
func (f *forest) ended(code int) bool {
	f.look()
	if code == renew && f.wanted() != f.running {
		return true
	}
	if !f.onTrial() {
		return false
	}
	f.failed[f.running]++
	if f.failed[f.running] >= treeTries {
		log.Print(fmt.Sprintf("no agent from tree %s served in %d tries: ", f.running, treeTries) +
			"the former tree has its place again")
		f.refused = append(f.refused, f.running)
		return true
	}
	return false
}
