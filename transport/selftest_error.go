package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
)

// SelfTestStep is how far a self-test came before it failed.
type SelfTestStep string

// The steps, in their order.
const (
	SelfTestAddress     SelfTestStep = "address"     // it is no https URL
	SelfTestName        SelfTestStep = "name"        // its host is not found
	SelfTestConnection  SelfTestStep = "connection"  // nobody takes the connection
	SelfTestCertificate SelfTestStep = "certificate" // it is not to be trusted
	SelfTestTLS         SelfTestStep = "tls"         // no TLS connection comes about otherwise
	SelfTestTimeout     SelfTestStep = "timeout"     // there is no answer in time
	SelfTestRedirect    SelfTestStep = "redirect"    // the answer sends elsewhere
	SelfTestPath        SelfTestStep = "path"        // nothing is served at the path
	SelfTestGateway     SelfTestStep = "gateway"     // what stands before the bot does not reach it
	SelfTestStranger    SelfTestStep = "stranger"    // somebody else answers
)

// SelfTestError is why requests to an address do not reach the webhook, and what to do about it.
type SelfTestError struct {
	Step SelfTestStep
	// Host is that of the address.
	Host string
	// StatusCode is what was answered; 0 if there was no answer.
	StatusCode int
	// Err is the cause, where there is one.
	Err error
}

func (e *SelfTestError) Error() string {
	text := "transport: self-test: " + e.remedy()
	if e.Err != nil {
		text += ": " + plainText(e.Err.Error())
	}
	return text
}

// Unwrap returns the cause.
func (e *SelfTestError) Unwrap() error { return e.Err }

func (e *SelfTestError) remedy() string {
	switch e.Step {
	case SelfTestAddress:
		return "the address is no https URL: give one such as https://bot.contoso.com/api/calls"
	case SelfTestName:
		return fmt.Sprintf("the name %s is not found: add it to the DNS, or correct the address", e.Host)
	case SelfTestConnection:
		return fmt.Sprintf("no connection to %s: is the bot, or the proxy or tunnel before it, listening at that port, and does the firewall let it in?", e.Host)
	case SelfTestCertificate:
		return e.certificateRemedy()
	case SelfTestTLS:
		return "no TLS connection to " + e.Host + " comes about: is it plain http there, another port, older than TLS 1.2, or does it ask for a client certificate?"
	case SelfTestTimeout:
		return e.Host + " did not answer in time: does a firewall swallow the connection, or is the proxy's backend stuck?"
	case SelfTestRedirect:
		return fmt.Sprintf("%s answers %d and sends elsewhere: give the address it sends to", e.Host, e.StatusCode)
	case SelfTestPath:
		return fmt.Sprintf("%s answers %d: serve the Handler at the path of the address, for POST, and leave the path as it is in the proxy", e.Host, e.StatusCode)
	case SelfTestGateway:
		return fmt.Sprintf("%s answers %d: the proxy or tunnel there does not reach the bot; is the bot listening where it looks?", e.Host, e.StatusCode)
	default:
		return fmt.Sprintf("%s answers %d, and is not this process: is an old one still running, do several share the address, or does a proxy ask for a login or strip the header %s?", e.Host, e.StatusCode, selfTestHeader)
	}
}

func (e *SelfTestError) certificateRemedy() string {
	invalid, isInvalid := errors.AsType[x509.CertificateInvalidError](e.Err)
	_, isMismatch := errors.AsType[x509.HostnameError](e.Err)
	switch {
	case isInvalid && invalid.Reason == x509.Expired:
		return fmt.Sprintf("the certificate of %s has expired or is not valid yet: renew it, or set this machine's clock", e.Host)
	case isMismatch:
		return fmt.Sprintf("the certificate of %s is for other names: get one for this one", e.Host)
	default:
		return fmt.Sprintf("the certificate of %s is by nobody trusted: get one of a public authority, and serve it with the intermediate ones", e.Host)
	}
}

// failedSelfTest is for a request that had no answer.
func failedSelfTest(target *url.URL, err error) error {
	err = withoutURL(err)
	return &SelfTestError{Step: stepOf(err), Host: target.Host, Err: err}
}

func stepOf(err error) SelfTestStep {
	_, notFound := errors.AsType[*net.DNSError](err)
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	operation, isOperation := errors.AsType[*net.OpError](err)
	_, noRecord := errors.AsType[tls.RecordHeaderError](err)
	network, isNetwork := errors.AsType[net.Error](err)
	switch {
	case notFound:
		return SelfTestName
	case untrusted:
		return SelfTestCertificate
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), isNetwork && network.Timeout():
		return SelfTestTimeout
	case noRecord, errors.Is(err, http.ErrSchemeMismatch),
		isOperation && (operation.Op == "remote error" || operation.Op == "local error"): // so crypto/tls names its alerts
		return SelfTestTLS
	default:
		return SelfTestConnection
	}
}

// answeredSelfTest is for an answer that was not this webhook's.
func answeredSelfTest(target *url.URL, response *http.Response) error {
	failed := &SelfTestError{Step: SelfTestStranger, Host: target.Host, StatusCode: response.StatusCode}
	switch status := response.StatusCode; {
	case status >= 300 && status < 400:
		failed.Step = SelfTestRedirect
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed:
		failed.Step = SelfTestPath
	case status == http.StatusBadGateway, status == http.StatusServiceUnavailable, status == http.StatusGatewayTimeout:
		failed.Step = SelfTestGateway
	}
	return failed
}
