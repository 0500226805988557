package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"golang.org/x/sys/unix"
)

const (
	attempts = 10
	patience = 10 * time.Second
	// Without an acknowledgement of what was sent, a connection is over: a network that swallows
	// packets must not hold an operation for a quarter of an hour.
	unacknowledged = 30 * time.Second
	// Of an object that is read as a whole.
	smallBytes = 4 << 20
)

// store is an S3 store and who may use it.
type store struct {
	// Endpoint is a URL; empty for AWS's own of the region.
	Endpoint string `json:"endpoint"`
	Region   string `json:"region"`
	Bucket   string `json:"bucket"`
	// CA in PEM that signed the endpoint's certificate; none for the well-known ones.
	CA        []byte `json:"ca"`
	AccessKey string `json:"accessKey"`
	SecretKey string `json:"secretKey"`
	// attempts of each request, when not the usual number.
	attempts int
}

// bucket is where objects are.
type bucket struct {
	client *s3.Client
	name   string
}

func (s *store) open(_ context.Context) (*bucket, error) {
	transport, err := s.transport()
	if err != nil {
		return nil, err
	}
	tries := attempts
	if s.attempts != 0 {
		tries = s.attempts
	}
	options := s3.Options{
		Region:      s.Region,
		Credentials: credentials.NewStaticCredentialsProvider(s.AccessKey, s.SecretKey, ""),
		HTTPClient:  &http.Client{Transport: transport},
		Retryer:     retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts = tries }),
		// Stores of others don't know the newer checksums; ours are in the manifest.
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenRequired,
	}
	if s.Endpoint != "" {
		if where, err := url.Parse(s.Endpoint); err != nil || where.Host == "" {
			return nil, fmt.Errorf("endpoint %q is not a URL", s.Endpoint)
		}
		options.BaseEndpoint = aws.String(s.Endpoint)
		options.UsePathStyle = true
	}
	return &bucket{client: s3.New(options), name: s.Bucket}, nil
}

func (s *store) transport() (*http.Transport, error) {
	dialer := net.Dialer{
		Timeout: patience,
		Control: func(_, _ string, connection syscall.RawConn) error {
			var failed error
			err := connection.Control(func(fd uintptr) {
				failed = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT,
					int(unacknowledged.Milliseconds()))
			})
			return errors.Join(err, failed)
		},
	}
	transport := &http.Transport{
		DialContext:           dialer.DialContext,
		TLSHandshakeTimeout:   patience,
		ResponseHeaderTimeout: time.Minute,
		IdleConnTimeout:       time.Minute,
		ForceAttemptHTTP2:     false,
	}
	if len(s.CA) > 0 {
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(s.CA) {
			return nil, errors.New("the store's CA holds no certificate in PEM")
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	return transport, nil
}

func (b *bucket) where(key string) string { return "s3://" + b.name + "/" + key }

func (b *bucket) write(ctx context.Context, key string, content []byte) error {
	_, err := b.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &b.name, Key: &key, Body: bytes.NewReader(content),
	})
	return explain(err, b.where(key))
}

func (b *bucket) read(ctx context.Context, key string) ([]byte, error) {
	body, err := b.stream(ctx, key)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	content, err := io.ReadAll(io.LimitReader(body, smallBytes+1))
	if err != nil {
		return nil, explain(err, b.where(key))
	}
	if len(content) > smallBytes {
		return nil, &damagedError{fmt.Sprintf("%s has more than %d bytes", b.where(key), smallBytes)}
	}
	return content, nil
}

// stream begins to read an object.
func (b *bucket) stream(ctx context.Context, key string) (io.ReadCloser, error) {
	got, err := b.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.name, Key: &key})
	if err != nil {
		return nil, explain(err, b.where(key))
	}
	return got.Body, nil
}

func (b *bucket) list(ctx context.Context, prefix string) ([]string, error) {
	keys := []string{}
	pages := s3.NewListObjectsV2Paginator(b.client, &s3.ListObjectsV2Input{Bucket: &b.name, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, explain(err, b.where(prefix))
		}
		for _, one := range page.Contents {
			keys = append(keys, aws.ToString(one.Key))
		}
	}
	return keys, nil
}

func (b *bucket) remove(ctx context.Context, prefix string) ([]string, error) {
	keys, err := b.list(ctx, prefix)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		if _, err := b.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &b.name, Key: &key}); err != nil {
			return nil, explain(err, b.where(key))
		}
	}
	return keys, nil
}

// begin makes a multipart upload, which nobody sees until it is complete.
func (b *bucket) begin(ctx context.Context, key string) (*upload, error) {
	// The store may have made it when the task is cancelled, and only who knows its id can abort it.
	ctx, stop := outlasting(ctx)
	defer stop()
	made, err := b.client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: &b.name, Key: &key})
	if err != nil {
		return nil, explain(err, b.where(key))
	}
	return &upload{bucket: b, key: key, id: made.UploadId}, nil
}

// outlasting is a context that ends a while after the given one.
func outlasting(ctx context.Context) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return longer, func() { stop(); cancel() }
}

// upload is an object that becomes.
type upload struct {
	bucket *bucket
	key    string
	id     *string
}

func (u *upload) part(ctx context.Context, number int32, content []byte) (types.CompletedPart, error) {
	sent, err := u.bucket.client.UploadPart(ctx, &s3.UploadPartInput{
		Bucket: &u.bucket.name, Key: &u.key, UploadId: u.id, PartNumber: &number, Body: bytes.NewReader(content),
	})
	if err != nil {
		return types.CompletedPart{}, explain(err, u.bucket.where(u.key))
	}
	return types.CompletedPart{ETag: sent.ETag, PartNumber: &number}, nil
}

func (u *upload) complete(ctx context.Context, parts []types.CompletedPart) error {
	_, err := u.bucket.client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket: &u.bucket.name, Key: &u.key, UploadId: u.id, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
	})
	return explain(err, u.bucket.where(u.key))
}

// abort lets the store throw away what it got. The task may have been cancelled: this is done nevertheless.
func (u *upload) abort(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	_, _ = u.bucket.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{
		Bucket: &u.bucket.name, Key: &u.key, UploadId: u.id,
	})
}
