package transport

import "net/http"

// unsentError is a failure on this side of the wire: nothing of the request left, and another attempt would fare no
// better.
type unsentError struct{ cause error }

func (e *unsentError) Error() string { return e.cause.Error() }

func (e *unsentError) Unwrap() error { return e.cause }

// unsent ends an attempt before the request has left. A RoundTripper must close the body whatever happens.
func unsent(request *http.Request, cause error) (*http.Response, error) {
	if request.Body != nil {
		request.Body.Close()
	}
	return nil, &unsentError{cause}
}
