package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os/exec"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// missingError is said of an object that is not there.
type missingError struct{ where string }

func (e *missingError) Error() string { return e.where + " does not exist" }

// damagedError is said of data that is not what was stored.
type damagedError struct{ why string }

func (e *damagedError) Error() string { return e.why }

// failedError is said of a program that failed.
type failedError struct{ why string }

func (e *failedError) Error() string { return e.why }

// mayPass tells whether trying again may help: when the store or the way to it failed, not when it
// answered no, nor when data or program are bad.
func mayPass(err error) bool {
	var missing *missingError
	var damaged *damagedError
	var ended *exec.ExitError
	if errors.As(err, &missing) || errors.As(err, &damaged) || errors.As(err, &ended) {
		return false
	}
	var answer *smithyhttp.ResponseError
	if errors.As(err, &answer) && answer.HTTPStatusCode() != 0 {
		code := answer.HTTPStatusCode()
		return code >= http.StatusInternalServerError || code == http.StatusTooManyRequests
	}
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, errAbandoned) || errors.Is(err, context.Canceled)
}

// explain says what the store answered, with where.
func explain(err error, where string) error {
	if err == nil {
		return nil
	}
	var said smithy.APIError
	if errors.As(err, &said) {
		switch said.ErrorCode() {
		case "NoSuchKey", "NotFound":
			return &missingError{where}
		}
		return &answeredError{fmt.Sprintf("%s: %s: %s", where, said.ErrorCode(), said.ErrorMessage()), err}
	}
	var unsent *url.Error
	if errors.As(err, &unsent) {
		return &answeredError{fmt.Sprintf("%s: the store can't be reached: %v", where, unsent.Err), err}
	}
	return fmt.Errorf("%s: %w", where, err)
}

// answeredError has a sentence for people in place of the client's chain of wrappings.
type answeredError struct {
	sentence string
	cause    error
}

func (e *answeredError) Error() string { return e.sentence }
func (e *answeredError) Unwrap() error { return e.cause }
