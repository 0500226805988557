package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

const (
	rootUser     = "mover"
	rootPassword = "a secret of tests"
	bucketName   = "backups"
)

// server is a real S3 server over a folder.
type server struct {
	t       *testing.T
	address string
	folder  string
	process *exec.Cmd
}

func startServer(t *testing.T) *server {
	t.Helper()
	program := os.Getenv("UPM_S3_SERVER")
	if program == "" {
		t.Skip("UPM_S3_SERVER names no S3 server (hack/cluster/cluster build s3)")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	s := &server{t: t, address: listener.Addr().String(), folder: t.TempDir()}
	must(t, listener.Close())
	must(t, os.Mkdir(filepath.Join(s.folder, bucketName), 0o700))
	s.process = exec.Command(program, "--quiet", "--port", s.address, "posix", s.folder)
	s.process.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+rootUser, "ROOT_SECRET_KEY="+rootPassword)
	s.process.Stderr = os.Stderr
	must(t, s.process.Start())
	t.Cleanup(s.stop)
	await(t, "the S3 server answers", func() bool {
		connection, err := net.Dial("tcp", s.address)
		if err != nil {
			return false
		}
		return connection.Close() == nil
	})
	return s
}

func (s *server) stop() {
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
}

func (s *server) store() store {
	return store{
		Endpoint: "http://" + s.address, Region: "us-east-1", Bucket: bucketName,
		AccessKey: rootUser, SecretKey: rootPassword,
	}
}

// file is where the server keeps an object.
func (s *server) file(key string) string { return filepath.Join(s.folder, bucketName, key) }

// uploads counts those that have begun and neither been completed nor aborted.
func (s *server) uploads() int {
	s.t.Helper()
	settings := s.store()
	bucket, err := settings.open(context.Background())
	must(s.t, err)
	listed, err := bucket.client.ListMultipartUploads(context.Background(),
		&s3.ListMultipartUploadsInput{Bucket: &bucket.name})
	must(s.t, err)
	return len(listed.Uploads)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for !condition() {
		if time.Now().After(deadline) {
			t.Fatalf("within 30 s it did not come true that %s", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// run does a task as main does.
func run(t *testing.T, wanted task) (result, error) {
	t.Helper()
	return runFor(context.Background(), wanted)
}

func runFor(ctx context.Context, wanted task) (result, error) {
	return wanted.do(ctx, newReports(&tail{}))
}

func command(arguments ...string) program { return program{Command: arguments} }

func wantDamaged(t *testing.T, err error) {
	t.Helper()
	if _, damaged := err.(*damagedError); !damaged {
		t.Fatalf("not said to be damaged: %v", err)
	}
	if mayPass(err) {
		t.Errorf("said to pass: %v", err)
	}
}

func testKey(last byte) []byte {
	key := []byte(fmt.Sprintf("%032d", 0))
	key[keyBytes-1] = last
	return key
}
