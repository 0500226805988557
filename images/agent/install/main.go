// Install copies the agent's tree to a folder that the engine's container will mount at the same path.
// It stands in for cp, which an image without a shell hasn't got.
package main

import (
	"fmt"
	"os"
)

// The tree is where it will be used, so that paths recorded in it hold.
const source = "/opt/upm"

const usage = `usage:
  install DEST                 copies the tree to DEST
  install --tree ID DEST HOME  puts it beside the one in DEST, which the engine's container has at HOME,
                               and notes that the next agent is to run from it
`

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "install:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	switch {
	case len(arguments) == 1:
		return copyTree(source, arguments[0])
	case len(arguments) == 4 && arguments[0] == "--tree":
		t := tree{from: source, id: arguments[1], volume: arguments[2], home: arguments[3]}
		return t.install()
	default:
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
		return nil
	}
}
