package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/tink-crypto/tink-go/v2/streamingaead/subtle"
)

const (
	// Of the AES-256 keys that are derived from the user's for each object (RFC 5869).
	keyBytes = 32
	// What is authenticated at once: nothing is handed on before its segment is proven.
	segmentBytes = 1 << 20
	// One finds what repeats while the other codes it. Measured on a dump of 200 MiB: the next level takes
	// four times the processor for the same size, and less memory twice as much again.
	compressors = 2
)

// encoding is what happens to data on the way: compressed first, then encrypted.
type encoding struct {
	// Compression is zstd, gzip or none.
	Compression string `json:"compression"`
	// Key of 32 bytes for AES-256-GCM; none when the store keeps the data as it is.
	Key []byte `json:"key"`
	// Context is authenticated with the data: one object can't be passed off as another.
	Context string `json:"context"`
}

// meter counts and digests what passes.
type meter struct {
	bytes  atomic.Int64
	digest hash.Hash
}

func newMeter() *meter { return &meter{digest: sha256.New()} }

func (m *meter) Write(data []byte) (int, error) {
	m.bytes.Add(int64(len(data)))
	return m.digest.Write(data)
}

func (m *meter) sum() string { return hex.EncodeToString(m.digest.Sum(nil)) }

// encode returns a writer whose data reaches the given one encoded; closing it ends the encoding.
func (e *encoding) encode(to io.Writer) (io.WriteCloser, error) {
	under := &layers{Writer: to}
	if len(e.Key) > 0 {
		cipher, err := e.cipher()
		if err != nil {
			return nil, err
		}
		encrypting, err := cipher.NewEncryptingWriter(under.Writer, []byte(e.Context))
		if err != nil {
			return nil, err
		}
		under.add(encrypting)
	}
	switch e.Compression {
	case "zstd":
		compressing, err := zstd.NewWriter(under.Writer,
			zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(compressors), zstd.WithEncoderCRC(true))
		if err != nil {
			return nil, err
		}
		under.add(compressing)
	case "gzip":
		under.add(gzip.NewWriter(under.Writer))
	}
	return under, nil
}

// decode returns a reader of what the given one holds encoded.
func (e *encoding) decode(from io.Reader) (io.Reader, error) {
	if len(e.Key) > 0 {
		cipher, err := e.cipher()
		if err != nil {
			return nil, err
		}
		if from, err = cipher.NewDecryptingReader(from, []byte(e.Context)); err != nil {
			return nil, err
		}
	}
	switch e.Compression {
	case "zstd":
		return zstd.NewReader(from, zstd.WithDecoderConcurrency(compressors))
	case "gzip":
		return gzip.NewReader(from)
	default:
		return from, nil
	}
}

// validate refuses what can't be done, before anything is.
func (e *encoding) validate() error {
	if len(e.Key) != 0 && len(e.Key) != keyBytes {
		return fmt.Errorf("the key has %d bytes; it must have %d", len(e.Key), keyBytes)
	}
	switch e.Compression {
	case "zstd", "gzip", "none":
		return nil
	default:
		return fmt.Errorf("compression %q is not known: zstd, gzip or none", e.Compression)
	}
}

// cipher is Tink's AES256_GCM_HKDF_1MB, which Tink reads in other languages, too.
func (e *encoding) cipher() (*subtle.AESGCMHKDF, error) {
	return subtle.NewAESGCMHKDF(e.Key, "SHA256", keyBytes, segmentBytes, 0)
}

// layers are writers upon each other, closed from the top.
type layers struct {
	io.Writer
	closers []io.Closer
}

func (l *layers) add(layer io.WriteCloser) {
	l.Writer = layer
	l.closers = append([]io.Closer{layer}, l.closers...)
}

func (l *layers) Close() error {
	for _, layer := range l.closers {
		if err := layer.Close(); err != nil {
			return err
		}
	}
	return nil
}
