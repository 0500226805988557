// Launcher is the main process of an engine's container. It keeps the agent running, reaps whatever
// has lost its parent, and starts engines so that they outlive the agent. It never touches an engine.
package main

import (
	"errors"
	"fmt"
	"os"
)

const usage = `usage:
  launcher                            as supervise, with the agent beside this program,
                                      java @../agent.args, or that of the tree that ../tree names,
                                      which has to prove itself
  launcher supervise -- PROGRAM ARG…  runs the agent, and again when it ends
  launcher detach --record FILE -- PROGRAM ARG…
                                      runs a program in a session of its own; FILE then holds its
                                      process id and its start in clock ticks since boot
  launcher signal --record FILE -- NAME
                                      sends TERM, INT, QUIT or KILL to the process of the record,
                                      and to no other one that got its id later
UPM_RUN_DIR (default /run/upm) holds exits/<pid>: how a detached program ended, 128 and more for a signal.
`

func main() {
	code, err := dispatch(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "launcher:", err)
	}
	os.Exit(code)
}

func dispatch(arguments []string) (int, error) {
	if len(arguments) == 0 {
		trees, err := newForest(runDirectory())
		if err != nil {
			return 1, err
		}
		return supervise(runDirectory(), trees)
	}
	record, command, err := parse(arguments[1:])
	if err != nil {
		return 2, fmt.Errorf("%w\n%s", err, usage)
	}
	switch verb := arguments[0]; {
	case verb == "supervise" && record == "":
		return supervise(runDirectory(), fixed(command))
	case verb == "detach" && record != "":
		return detach(record, command)
	case verb == "signal" && record != "" && signals[command[0]] != 0:
		return sendSignal(record, signals[command[0]])
	case verb == become && record != "":
		return 127, becomeProgram(record, command)
	default:
		return 2, errors.New(usage)
	}
}

// parse reads [--record FILE] -- PROGRAM ARG…
func parse(arguments []string) (record string, command []string, err error) {
	if len(arguments) >= 2 && arguments[0] == "--record" {
		record, arguments = arguments[1], arguments[2:]
	}
	if len(arguments) < 2 || arguments[0] != "--" {
		return "", nil, errors.New("no program given")
	}
	return record, arguments[1:], nil
}

func runDirectory() string {
	if directory := os.Getenv("UPM_RUN_DIR"); directory != "" {
		return directory
	}
	return "/run/upm"
}
