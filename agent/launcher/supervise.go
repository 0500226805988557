package main

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

const (
	firstPause   = 200 * time.Millisecond
	longestPause = 5 * time.Second
	// An agent that ran for so long is started again at once when it ends.
	healthyAfter = 30 * time.Second
	// Told to an agent that is started while the container stops: stop the engine, then end.
	terminating = "UPM_TERMINATING=true"
	// Most of the agent's memory is Java's own; what C allocates for it fits into one arena, and
	// more of them would be kept for nothing. Engines allocate in many threads: the agent takes
	// what agentOnly lists out of the environment of all that it starts.
	arenas    = "MALLOC_ARENA_MAX"
	agentOnly = "UPM_AGENT_ONLY"
)

// supervisor is used by one goroutine only, which both starts and reaps, so no child can be reaped
// before it is known.
type supervisor struct {
	run     string
	agents  agents
	agent   int // process id, 0 while there is none
	started time.Time
	pause   time.Duration
	stop    syscall.Signal // what the container was told to end with, 0 before that
}

// agents is what there is to run.
type agents interface {
	// next tells the command, and what is added to its environment.
	next() (command, environment []string, err error)
	// onTrial tells whether the one that runs has to prove itself.
	onTrial() bool
	// look is whether it has meanwhile.
	look()
	// ended tells whether another one is to be started at once.
	ended(code int) bool
}

// fixed is one and the same command.
type fixed []string

func (f fixed) next() (command, environment []string, err error) { return f, nil, nil }
func (f fixed) onTrial() bool                                    { return false }
func (f fixed) look()                                            {}
func (f fixed) ended(int) bool                                   { return false }

// supervise runs the agent until the container is told to stop and the agent has ended by itself.
func supervise(run string, agents agents) (int, error) {
	log.SetFlags(log.LstdFlags | log.LUTC | log.Lmicroseconds)
	log.SetPrefix("launcher: ")
	if err := prepare(run); err != nil {
		return 1, err
	}
	// So that orphans come here even where this is not process 1, as in a shared process namespace.
	if err := becomeSubreaper(); err != nil {
		return 1, fmt.Errorf("become the reaper of orphans: %w", err)
	}
	children := make(chan os.Signal, 1)
	signal.Notify(children, syscall.SIGCHLD)
	stops := make(chan os.Signal, 2)
	signal.Notify(stops, syscall.SIGTERM, syscall.SIGINT)

	s := &supervisor{run: run, agents: agents}
	again, trial := time.NewTimer(0), time.NewTimer(0)
	trial.Stop()
	for {
		select {
		case <-again.C:
			if !s.start() {
				if s.stop != 0 {
					return 1, nil
				}
				again.Reset(s.nextPause())
			} else if s.agents.onTrial() {
				trial.Reset(treeTrial)
			}
		case <-trial.C:
			s.agents.look()
			if s.agents.onTrial() && s.agent != 0 {
				log.Printf("the agent doesn't serve after %s", treeTrial)
				_ = syscall.Kill(s.agent, syscall.SIGKILL)
			}
		case got := <-stops:
			if s.stop == 0 {
				s.stop = got.(syscall.Signal)
				if s.agent != 0 {
					_ = syscall.Kill(s.agent, s.stop)
				} else {
					again.Reset(0)
				}
			}
		case <-children:
			code, ended := s.reap()
			if !ended {
				continue
			}
			// An agent that failed may have left an engine that another one can still stop in order.
			if s.stop != 0 && (code == 0 || !hasChildren()) {
				return code, nil
			}
			trial.Stop()
			pause := time.Duration(0)
			if !s.agents.ended(code) {
				pause = s.nextPause()
			}
			log.Printf("the agent ended (%d), starting it again in %s", code, pause)
			again.Reset(pause)
		}
	}
}

// prepare empties the run directory: what an earlier container left there (the Pod keeps it) names
// processes that are gone.
func prepare(run string) error {
	if err := os.MkdirAll(run, 0o750); err != nil {
		return err
	}
	const lockName = "launcher.lock"
	lock, err := syscall.Open(filepath.Join(run, lockName), syscall.O_CREAT|syscall.O_RDWR|syscall.O_CLOEXEC, 0o600)
	if err != nil {
		return fmt.Errorf("open %s in %s: %w", lockName, run, err)
	}
	// Held until this process ends.
	if err := syscall.Flock(lock, syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return fmt.Errorf("another launcher uses %s", run)
	}
	entries, err := os.ReadDir(run)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.Name() != lockName {
			if err := os.RemoveAll(filepath.Join(run, entry.Name())); err != nil {
				return err
			}
		}
	}
	return os.Mkdir(exits(run), 0o750)
}

// start runs the agent in a session of its own, so that what it leaves behind can be told from
// engines and their children.
func (s *supervisor) start() bool {
	command, added, err := s.agents.next()
	if err != nil {
		log.Print(err)
		return false
	}
	program, err := exec.LookPath(command[0])
	if err != nil {
		log.Print(err)
		return false
	}
	environment := append(os.Environ(), added...)
	if _, set := os.LookupEnv(arenas); !set {
		environment = append(environment, arenas+"=1", agentOnly+"="+arenas)
	}
	if s.stop != 0 {
		environment = append(environment, terminating)
	}
	pid, err := syscall.ForkExec(program, command, &syscall.ProcAttr{
		Env:   environment,
		Files: []uintptr{0, 1, 2},
		Sys:   &syscall.SysProcAttr{Setsid: true},
	})
	if err != nil {
		log.Printf("%s can't be run: %v", program, err)
		return false
	}
	s.agent, s.started = pid, time.Now()
	return true
}

// nextPause is zero for the first failure in a while, then doubles.
func (s *supervisor) nextPause() time.Duration {
	pause := s.pause
	switch {
	case time.Since(s.started) > healthyAfter:
		pause, s.pause = 0, firstPause
	case pause == 0:
		s.pause = firstPause
	default:
		s.pause = min(2*pause, longestPause)
	}
	return pause
}

// reap buries every child that has ended. It tells whether the agent was among them, and its exit
// code.
func (s *supervisor) reap() (code int, ended bool) {
	for {
		pid, exit, found := nextEnded()
		if !found {
			return code, ended
		}
		if pid == s.agent {
			// Half-done work of the dead agent must not run beside its successor.
			killSession(pid)
			s.agent, code, ended = 0, exit, true
		} else if err := keepExit(s.run, pid, exit); err != nil {
			log.Printf("exit code of process %d is lost: %v", pid, err)
		}
		bury(pid)
	}
}
