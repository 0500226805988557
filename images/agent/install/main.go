// Install copies the agent's tree to a folder that the engine's container will mount at the same path.
// It stands in for cp, which an image without a shell hasn't got.
package main

import (
	"fmt"
	"os"
)

// The tree is where it will be used, so that paths recorded in it hold.
const source = "/opt/upm"

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: install DEST")
		os.Exit(2)
	}
	if err := copyTree(source, os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "install:", err)
		os.Exit(1)
	}
}
