package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	// More than a part, and more than a segment.
	randomBytes = 20<<20 + 17
	// KiB, of a process that moves far more than that.
	mostResident = 80 << 10
	manyBytes    = 200 << 20
)

func random(bytes int) program {
	return command("head", "-c", fmt.Sprint(bytes), "/dev/urandom")
}

func TestWhatIsPutIsGotInEveryEncoding(t *testing.T) {
	server := startServer(t)
	for _, compression := range []string{"zstd", "gzip", "none"} {
		for _, key := range [][]byte{nil, testKey(1)} {
			t.Run(fmt.Sprintf("%s, key of %d", compression, len(key)), func(t *testing.T) {
				wanted := task{
					Verb: "put", Store: server.store(), Key: "there/and/back",
					Encoding: encoding{compression, key, "back"}, Program: random(randomBytes),
				}
				stored, err := run(t, wanted)
				must(t, err)
				if stored.Sums.Bytes != randomBytes {
					t.Errorf("%d bytes", stored.Sums.Bytes)
				}
				if info, err := os.Stat(server.file(wanted.Key)); err != nil || info.Size() != stored.Sums.StoredBytes {
					t.Errorf("stored as %v, %v, and said to be %d", info, err, stored.Sums.StoredBytes)
				}

				wanted.Verb, wanted.Expected, wanted.Program = "get", stored.Sums, command("sha256sum")
				got, err := run(t, wanted)

				must(t, err)
				if !strings.HasPrefix(got.Said, stored.Sums.SHA256) {
					t.Errorf("%s of what was %s", got.Said, stored.Sums.SHA256)
				}
				wanted.Verb = "check"
				checked, err := run(t, wanted)
				must(t, err)
				if *checked.Sums != *stored.Sums {
					t.Errorf("%v, and stored was %v", checked.Sums, stored.Sums)
				}
			})
		}
	}
}

func TestNothingAtAllIsAnObjectToo(t *testing.T) {
	server := startServer(t)
	stored, err := run(t, task{
		Verb: "put", Store: server.store(), Key: "empty", Encoding: encoding{"none", nil, ""}, Program: command("true"),
	})
	must(t, err)
	if stored.Sums.StoredBytes != 0 {
		t.Error(stored.Sums)
	}
	if _, err := os.Stat(server.file("empty")); err != nil {
		t.Error(err)
	}
}

func TestAProgramGetsItsInputAndItsEnvironment(t *testing.T) {
	server := startServer(t)
	wanted := task{
		Verb: "put", Store: server.store(), Key: "said", Encoding: encoding{"none", nil, ""},
		Program: program{
			Command: []string{"sh", "-c", "cat; printenv SAID; pwd"}, Input: []byte("a secret, "),
			Environment: map[string]string{"SAID": "aloud"}, Directory: "/",
		},
	}
	_, err := run(t, wanted)
	must(t, err)

	content, err := run(t, task{Verb: "read", Store: server.store(), Key: "said"})

	must(t, err)
	if string(content.Content) != "a secret, aloud\n/\n" {
		t.Errorf("%q", content.Content)
	}
}

func TestOfAProgramThatFailsNothingIsStored(t *testing.T) {
	server := startServer(t)
	wanted := task{
		Verb: "put", Store: server.store(), Key: "half", Encoding: encoding{"zstd", nil, ""},
		Program: command("sh", "-c", "head -c 30000000 /dev/urandom; echo 'the table is gone' >&2; exit 3"),
	}

	_, err := run(t, wanted)

	if err == nil || !strings.Contains(err.Error(), "exit status 3: the table is gone") || mayPass(err) {
		t.Errorf("said: %v", err)
	}
	if _, err := os.Stat(server.file("half")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("stored nevertheless: %v", err)
	}
	if left := server.uploads(); left != 0 {
		t.Errorf("%d uploads left", left)
	}
}

func TestWhatWasChangedInTheStoreIsNoticedAndNobodySeesItsEnd(t *testing.T) {
	server := startServer(t)
	for name, spoil := range map[string]func([]byte) []byte{
		"one bit":     func(data []byte) []byte { data[len(data)/2] ^= 1; return data },
		"last byte":   func(data []byte) []byte { data[len(data)-1] ^= 1; return data },
		"shorter":     func(data []byte) []byte { return data[:len(data)-segmentBytes] },
		"longer":      func(data []byte) []byte { return append(data, data[:100]...) },
		"nothing":     func([]byte) []byte { return nil },
		"other order": func(data []byte) []byte { return append(data[segmentBytes:], data[:segmentBytes]...) },
	} {
		for _, encoded := range []encoding{{"zstd", testKey(1), "it"}, {"gzip", nil, ""}, {"none", nil, ""}} {
			t.Run(fmt.Sprintf("%s, %s, key of %d", name, encoded.Compression, len(encoded.Key)), func(t *testing.T) {
				wanted := task{
					Verb: "put", Store: server.store(), Key: "spoilt", Encoding: encoded, Program: random(3 << 20),
				}
				stored, err := run(t, wanted)
				must(t, err)
				data, err := os.ReadFile(server.file("spoilt"))
				must(t, err)
				must(t, os.WriteFile(server.file("spoilt"), spoil(data), 0o600))
				seen := filepath.Join(t.TempDir(), "seen")

				wanted.Verb, wanted.Expected = "get", stored.Sums
				wanted.Program = command("sh", "-c", "cat >/dev/null && touch "+seen)
				_, err = run(t, wanted)

				wantDamaged(t, err)
				if _, err := os.Stat(seen); !errors.Is(err, os.ErrNotExist) {
					t.Error("its reader took it for whole")
				}
				wanted.Verb = "check"
				_, err = run(t, wanted)
				wantDamaged(t, err)
			})
		}
	}
}

func TestAnotherKeyOrAnotherObjectIsRefused(t *testing.T) {
	server := startServer(t)
	for _, key := range []string{"mine", "other"} {
		_, err := run(t, task{
			Verb: "put", Store: server.store(), Key: key, Encoding: encoding{"zstd", testKey(1), key}, Program: random(100),
		})
		must(t, err)
	}
	wanted := task{Verb: "check", Store: server.store(), Key: "mine", Encoding: encoding{"zstd", testKey(2), "mine"}}
	_, err := run(t, wanted)
	wantDamaged(t, err)

	wanted.Encoding.Key = testKey(1)
	_, err = run(t, wanted)
	must(t, err)
	wanted.Key = "other"
	_, err = run(t, wanted)
	wantDamaged(t, err)

	wanted.Encoding.Key = []byte("too short")
	if _, err = run(t, wanted); err == nil || err.Error() != "the key has 9 bytes; it must have 32" {
		t.Errorf("said: %v", err)
	}
}

func TestSmallObjectsAreWrittenReadListedAndRemoved(t *testing.T) {
	server := startServer(t)
	for _, key := range []string{"a/one", "a/two", "b/three"} {
		_, err := run(t, task{Verb: "write", Store: server.store(), Key: key, Content: []byte("content of " + key)})
		must(t, err)
	}

	read, err := run(t, task{Verb: "read", Store: server.store(), Key: "a/two"})
	must(t, err)
	if string(read.Content) != "content of a/two" {
		t.Errorf("%q", read.Content)
	}
	removed, err := run(t, task{Verb: "remove", Store: server.store(), Key: "a/"})
	must(t, err)
	listed, err := run(t, task{Verb: "list", Store: server.store(), Key: ""})
	must(t, err)
	if fmt.Sprint(removed.Keys, listed.Keys) != "[a/one a/two] [b/three]" {
		t.Error(removed.Keys, listed.Keys)
	}

	_, err = run(t, task{Verb: "read", Store: server.store(), Key: "a/two"})

	var missing *missingError
	if !errors.As(err, &missing) || err.Error() != "s3://backups/a/two does not exist" {
		t.Errorf("said: %v", err)
	}
}

func TestWhatTheStoreRefusesIsSaidInOneSentence(t *testing.T) {
	server := startServer(t)
	wanted := task{Verb: "write", Store: server.store(), Key: "k"}
	wanted.Store.SecretKey = "a wrong one"

	_, err := run(t, wanted)

	if err == nil || !strings.HasPrefix(err.Error(), "s3://backups/k: SignatureDoesNotMatch: ") || mayPass(err) {
		t.Errorf("said: %v", err)
	}
}

// It must not write on when the agent that asked for it is gone.
func TestItEndsWithWhoeverWantedIt(t *testing.T) {
	server := startServer(t)
	line, err := json.Marshal(task{
		Verb: "put", Store: server.store(), Key: "endless", Encoding: encoding{"none", nil, ""},
		Program: command("cat", "/dev/zero"),
	})
	must(t, err)
	input, agent := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		_, err := serve(context.Background(), bufio.NewReader(input), newReports(io.Discard))
		ended <- err
	}()
	_, err = agent.Write(append(line, '\n'))
	must(t, err)
	await(t, "it uploads", func() bool { return server.uploads() == 1 })

	must(t, agent.Close())

	if err := <-ended; !errors.Is(err, errAbandoned) {
		t.Errorf("ended with %v", err)
	}
	if left := server.uploads(); left != 0 {
		t.Errorf("%d uploads left", left)
	}
}

func TestAStoreThatDiesIsATransientFailure(t *testing.T) {
	server := startServer(t)
	ended := make(chan error, 1)
	go func() {
		wanted := task{
			Verb: "put", Store: server.store(), Key: "lost", Encoding: encoding{"none", nil, ""},
			Program: command("cat", "/dev/zero"),
		}
		wanted.Store.attempts = 2
		_, err := runFor(context.Background(), wanted)
		ended <- err
	}()
	await(t, "it uploads", func() bool { return server.uploads() == 1 })

	server.stop()

	if err := <-ended; err == nil || !mayPass(err) {
		t.Errorf("ended with %v", err)
	}
}

// The whole program, as the agent runs it.
func TestMemoryDoesNotGrowWithTheData(t *testing.T) {
	server := startServer(t)
	mover := filepath.Join(t.TempDir(), "mover")
	if out, err := exec.Command("go", "build", "-o", mover, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	large := t.TempDir()
	if out, err := exec.Command("sh", "-c", fmt.Sprintf("head -c %d /dev/urandom >%s/ibdata1", manyBytes, large)).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	encoded := encoding{"zstd", testKey(1), ""}
	for key, source := range map[string]task{
		"data": {Program: random(manyBytes)},
		"tree": {Directory: directory(large)},
	} {
		source.Verb, source.Store, source.Key, source.Encoding = "put", server.store(), key, encoded
		_, err := run(t, source)
		must(t, err)
	}
	for name, wanted := range map[string]task{
		"put":           {Verb: "put", Key: "other", Program: random(manyBytes)},
		"get":           {Verb: "get", Key: "data", Program: command("sha256sum")},
		"put directory": {Verb: "put", Key: "other", Directory: directory(large)},
		"get directory": {Verb: "get", Key: "tree", Directory: directory(t.TempDir())},
	} {
		wanted.Store, wanted.Encoding = server.store(), encoded
		last, most := resident(t, mover, wanted)
		if last.Done == nil || last.Done.Sums.Bytes < manyBytes {
			t.Errorf("%s: %v", name, last)
		}
		t.Logf("%s: %d MiB resident at most", name, most>>10)
		if most == 0 || most > mostResident {
			t.Errorf("%s: %d MiB resident", name, most>>10)
		}
	}
}

// resident does a task and tells how it ended, and how much memory it took, in KiB.
func resident(t *testing.T, mover string, wanted task) (report, int) {
	t.Helper()
	line, err := json.Marshal(wanted)
	must(t, err)
	process := exec.Command(mover)
	input, err := process.StdinPipe()
	must(t, err)
	output, err := process.StdoutPipe()
	must(t, err)
	must(t, process.Start())
	most := watched(process.Process.Pid)
	_, err = input.Write(append(line, '\n'))
	must(t, err)
	var last report
	for lines := json.NewDecoder(output); last.Done == nil && last.Error == nil; {
		must(t, lines.Decode(&last))
	}
	// What has ended has no memory any more, and is there until it is waited for.
	resident := <-most
	must(t, process.Wait())
	return last, resident
}

// watched tells what a process had in memory at most, in KiB, once it has ended.
func watched(process int) <-chan int {
	told := make(chan int, 1)
	go func() {
		most := 0
		for kibibytes := mostSoFar(process); kibibytes > 0; kibibytes = mostSoFar(process) {
			most = max(most, kibibytes)
			time.Sleep(2 * time.Millisecond)
		}
		told <- most
	}()
	return told
}

// mostSoFar is what a process has had in memory at most, in KiB; 0 when it is gone.
func mostSoFar(process int) int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		var kibibytes int
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kibibytes); n == 1 {
			return kibibytes
		}
	}
	return 0
}

func TestTwoProgramsInARowGetTheObject(t *testing.T) {
	server := startServer(t)
	wanted := task{
		Verb: "put", Store: server.store(), Key: "row", Encoding: encoding{"zstd", testKey(1), "row"},
		Program: command("seq", "1000000"),
	}
	stored, err := run(t, wanted)
	must(t, err)
	next := command("sh", "-c", "tail -1")

	wanted.Verb, wanted.Expected, wanted.Program, wanted.Next = "get", stored.Sums, command("sed", "s/$/!/"), &next
	got, err := run(t, wanted)

	must(t, err)
	if got.Said != "1000000!\n" {
		t.Errorf("%q", got.Said)
	}
}

func TestTheSecondProgramSeesNoEndOfWhatTheFirstDidNotFinish(t *testing.T) {
	server := startServer(t)
	stored, err := run(t, task{
		Verb: "put", Store: server.store(), Key: "row", Encoding: encoding{"none", nil, ""}, Program: random(3 << 20),
	})
	must(t, err)
	data, err := os.ReadFile(server.file("row"))
	must(t, err)
	for name, one := range map[string]struct {
		first, said string
		damaged     bool
	}{
		"damaged": {"cat", "is damaged", true},
		"fails":   {"cat; echo 'no such event' >&2; exit 4", "exit status 4: no such event", false},
	} {
		t.Run(name, func(t *testing.T) {
			content := append([]byte{}, data...)
			if one.damaged {
				content[len(content)-1] ^= 1
			}
			must(t, os.WriteFile(server.file("row"), content, 0o600))
			seen := filepath.Join(t.TempDir(), "seen")
			next := command("sh", "-c", "cat >/dev/null && touch "+seen)

			_, err := run(t, task{
				Verb: "get", Store: server.store(), Key: "row", Encoding: encoding{"none", nil, ""},
				Expected: stored.Sums, Program: command("sh", "-c", one.first), Next: &next,
			})

			if err == nil || !strings.Contains(err.Error(), one.said) || mayPass(err) {
				t.Errorf("said: %v", err)
			}
			if _, err := os.Stat(seen); !errors.Is(err, os.ErrNotExist) {
				t.Error("the second took it for whole")
			}
		})
	}
}

func TestOfTwoProgramsTheOneThatFailedIsNamed(t *testing.T) {
	server := startServer(t)
	wanted := task{
		Verb: "put", Store: server.store(), Key: "row", Encoding: encoding{"none", nil, ""}, Program: random(3 << 20),
	}
	stored, err := run(t, wanted)
	must(t, err)
	next := command("sh", "-c", "head -c 10 >/dev/null; echo 'no such table' >&2; exit 5")

	wanted.Verb, wanted.Expected, wanted.Program, wanted.Next = "get", stored.Sums, command("cat"), &next
	_, err = run(t, wanted)

	if err == nil || !strings.Contains(err.Error(), "exit status 5: no such table") || mayPass(err) {
		t.Errorf("said: %v", err)
	}
}
