package transport

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"net/url"
	"sync"
	"time"
)

const (
	selfTestHeader  = "Graphcalls-Selftest"
	selfTestTimeout = 10 * time.Second
)

// selfTest is one under way. The question is sent; the answer never is, so whoever gives it has it from this memory.
type selfTest struct{ question, answer string }

// selfTests are those under way.
type selfTests struct {
	mu      sync.Mutex
	waiting []*selfTest
}

func (s *selfTests) begin() *selfTest {
	test := &selfTest{rand.Text(), rand.Text()}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = append(s.waiting, test)
	return test
}

// take ends the test that a question belongs to, and returns it; nil if there is none. Each can be taken once.
func (s *selfTests) take(question string) *selfTest {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found *selfTest
	var others []*selfTest
	for _, test := range s.waiting {
		if subtle.ConstantTimeCompare([]byte(question), []byte(test.question)) == 1 {
			found = test
		} else {
			others = append(others, test)
		}
	}
	s.waiting = others
	return found
}

// answer answers the question of a test under way. Any other request is none of its business, whatever its header.
func (s *selfTests) answer(writer http.ResponseWriter, request *http.Request) bool {
	question := request.Header.Get(selfTestHeader)
	if question == "" || request.Method != http.MethodPost {
		return false
	}
	test := s.take(question)
	if test == nil {
		return false
	}
	writer.Header().Set(selfTestHeader, test.answer)
	writer.WriteHeader(http.StatusNoContent)
	return true
}

// SelfTest finds out whether requests to the webhook's public https address reach this very webhook: it sends one
// there, and sees who answers. The request proves nothing about its sender and carries no token: the webhook knows it
// by a random mark, which it takes once, while the test is under way, and answers with another that was never sent. To
// any other request it is what it always was.
//
// The client lends its Transport, so that certificates are judged as its are; nil means http.DefaultClient. The test
// ends with ctx, or after ten seconds. The error is a [*SelfTestError], which says what to do.
//
// What it cannot see is what only the platform meets: a firewall that lets in nobody but this machine, or a name that
// is known to this machine alone.
func (w *Webhook) SelfTest(ctx context.Context, address string, client *http.Client) error {
	ctx, cancel := context.WithTimeout(ctx, selfTestTimeout)
	defer cancel()
	target, err := url.Parse(address)
	if err != nil || target.Scheme != "https" || target.Host == "" {
		return &SelfTestError{Step: SelfTestAddress}
	}
	test := w.tests.begin()
	defer w.tests.take(test.question)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, http.NoBody)
	if err != nil {
		return &SelfTestError{Step: SelfTestAddress, Err: withoutURL(err)}
	}
	request.Header.Set(selfTestHeader, test.question)
	lent := http.Client{CheckRedirect: stayHere}
	if client != nil {
		lent.Transport = client.Transport
	}
	response, err := lent.Do(request)
	if err != nil {
		return failedSelfTest(target, err)
	}
	defer response.Body.Close()
	answer := response.Header.Get(selfTestHeader)
	if subtle.ConstantTimeCompare([]byte(answer), []byte(test.answer)) == 1 {
		return nil
	}
	return answeredSelfTest(target, response)
}
