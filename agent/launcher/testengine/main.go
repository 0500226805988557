// Testengine is a database without data: what the agent's tests start, kill, stop and probe.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

func main() {
	check := flag.String("check", "", "configuration to check, without starting")
	initialize := flag.String("initialize", "", "data directory to make")
	config := flag.String("config", "", "configuration, a name and a value on each line")
	data := flag.String("data", "", "data directory, holds the journal")
	socket := flag.String("socket", "", "socket that answers with role and configuration")
	flag.Parse()

	switch {
	case *check != "":
		if _, bad := read(*check)["bad"]; bad {
			fail("unknown name bad in %s", *check)
		}
		dieOnce(read(*check)["check-dies"])
	case *initialize != "":
		must(os.MkdirAll(*initialize, 0o750))
		fmt.Println("initialised", *initialize)
	default:
		serve(read(*config), *data, *socket)
	}
}

// dieOnce leaves a file and is killed, unless the file is there.
func dieOnce(file string) {
	if file == "" {
		return
	}
	if _, err := os.Stat(file); err == nil {
		return
	}
	must(os.WriteFile(file, nil, 0o600))
	must(syscall.Kill(os.Getpid(), syscall.SIGKILL))
	select {}
}

func serve(config map[string]string, data, socket string) {
	stops := make(chan os.Signal, 1)
	signal.Notify(stops, syscall.SIGTERM)
	fmt.Println("testengine starts")
	journal(data, "start")
	pause(config["start-delay"])

	_ = os.Remove(socket)
	listener, err := net.Listen("unix", socket)
	must(err)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			fmt.Fprintf(connection, "%s %s\n", config["role"], config["tag"])
			connection.Close()
		}
	}()
	journal(data, "ready")

	<-stops
	pause(config["stop-delay"])
	journal(data, "stop")
	fmt.Println("testengine stops")
}

func journal(data, line string) {
	file, err := os.OpenFile(filepath.Join(data, "journal"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o640)
	must(err)
	defer file.Close()
	_, err = fmt.Fprintln(file, line)
	must(err)
}

func read(path string) map[string]string {
	file, err := os.Open(path)
	must(err)
	defer file.Close()
	values := map[string]string{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), "=")
		values[name] = value
	}
	return values
}

func pause(text string) {
	if text != "" {
		duration, err := time.ParseDuration(text)
		must(err)
		time.Sleep(duration)
	}
}

func must(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func fail(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, "testengine: "+format+"\n", arguments...)
	os.Exit(1)
}
