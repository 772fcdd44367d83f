package auth

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/oauth2"
)

// TokenError is why there is no token for a tenant. Its text holds neither secret nor token nor anything the token
// endpoint wrote, save the codes below.
type TokenError struct {
	// Tenant is the tenant the token was for; empty when none was given.
	Tenant string
	// Code is the OAuth error, such as "invalid_client"; empty when the endpoint gave none.
	Code string
	// AADSTS is Azure AD's own number for the error, such as 7000215; 0 when it gave none.
	AADSTS int
	// Status is the HTTP status of the token endpoint; 0 when it did not answer, or was not the one asked.
	Status int
	// CorrelationID is what Microsoft's support asks for; empty when the endpoint gave none.
	CorrelationID string
	// Hint says what went wrong and what to do.
	Hint string

	cause error
}

// Error gives the codes and the hint.
func (e *TokenError) Error() string {
	var text strings.Builder
	text.WriteString("auth: no token")
	if e.Tenant != "" {
		text.WriteString(" for tenant " + e.Tenant)
	}
	var codes []string
	if e.Code != "" {
		codes = append(codes, e.Code)
	}
	if e.AADSTS != 0 {
		codes = append(codes, "AADSTS"+strconv.Itoa(e.AADSTS))
	}
	if e.Status != 0 {
		codes = append(codes, "HTTP "+strconv.Itoa(e.Status))
	}
	if e.CorrelationID != "" {
		codes = append(codes, "correlation id "+e.CorrelationID)
	}
	if len(codes) > 0 {
		fmt.Fprintf(&text, " (%s)", strings.Join(codes, ", "))
	}
	text.WriteString(": " + e.Hint)
	return text.String()
}

// Unwrap returns the network error, the context's error or the error of a [TokenFunc], if one of these was the cause.
// That of a TokenFunc is the application's own and may hold what this package would not repeat.
func (e *TokenError) Unwrap() error { return e.cause }

// endpointError makes a TokenError of what the OAuth library reports, whose own text quotes the endpoint's answer.
func endpointError(tenant string, err error) error {
	if answer, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		return answerError(tenant, answer)
	}
	if unreachable, ok := errors.AsType[*url.Error](err); ok {
		return &TokenError{
			Tenant: tenant,
			Hint:   unreachableHint(unreachable),
			cause:  unreachable,
		}
	}
	return &TokenError{
		Tenant: tenant,
		Hint:   "the token endpoint's answer holds no token; check Cloud.AuthorityURL",
	}
}

// unreachableHint tells the common cases apart. The error's own text comes from the HTTP client's transport, which may
// be the application's, and is not repeated.
func unreachableHint(err *url.Error) string {
	if name, ok := errors.AsType[*net.DNSError](err); ok {
		return "the host name " + strconv.Quote(name.Name) + " could not be resolved; check the network's DNS and Cloud.AuthorityURL"
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "the token endpoint's certificate is not trusted; check any proxy, and HTTPClient's root certificates"
	}
	if err.Timeout() {
		return "the token endpoint did not answer in time; check the network and any proxy, or raise FetchTimeout"
	}
	return "the token endpoint could not be reached; check the network, any proxy, and Cloud.AuthorityURL"
}

var (
	oauthCode     = regexp.MustCompile(`^[a-z_]{1,40}$`)
	correlationID = regexp.MustCompile(`^[0-9a-fA-F-]{36}$`)
)

// answerError keeps of the endpoint's answer only what is known to be a code.
func answerError(tenant string, answer *oauth2.RetrieveError) error {
	e := &TokenError{Tenant: tenant, Status: answer.Response.StatusCode}
	if oauthCode.MatchString(answer.ErrorCode) {
		e.Code = answer.ErrorCode
	}
	var details struct {
		Codes         []int  `json:"error_codes"`
		CorrelationID string `json:"correlation_id"`
	}
	if json.Unmarshal(answer.Body, &details) == nil {
		if len(details.Codes) > 0 {
			e.AADSTS = details.Codes[0]
		}
		if correlationID.MatchString(details.CorrelationID) {
			e.CorrelationID = details.CorrelationID
		}
	}
	e.Hint = hint(e.AADSTS, e.Status)
	return e
}

// hint says what to do about an error of the token endpoint.
func hint(aadsts, status int) string {
	switch aadsts {
	case 7000215:
		return "the client secret is wrong; use the secret's value, not its id"
	case 7000222:
		return "the client secret has expired; make a new one in the app registration"
	case 700016:
		return "the application is not known in this tenant; check AppID and Tenant, " +
			"and have the tenant's administrator consent to the application"
	case 7000229:
		return "the application has no service principal in this tenant; " +
			"have the tenant's administrator consent to the application"
	case 7000112:
		return "the application is disabled in this tenant; have the tenant's administrator enable it"
	case 65001:
		return "consent is missing; have the tenant's administrator consent to the application's permissions"
	case 90002, 900023:
		return "there is no such tenant; check the tenant id, and that Cloud is the tenant's cloud"
	case 500011, 70011, 1002012:
		return "the scope is not known in this tenant; check Cloud.Scope"
	case 53003:
		return "a conditional access policy forbids it; have the tenant's administrator exempt the application"
	}
	switch {
	case status == 429:
		return "the token endpoint is throttling; try again later"
	case status >= 500:
		return "the token endpoint is in trouble; try again later"
	case status >= 300 && status < 400:
		return "the token endpoint answered with a redirect, which is never followed with a secret; " +
			"check Cloud.AuthorityURL"
	}
	return "the token endpoint refused; check AppID, Secret and Tenant"
}

// functionError makes a TokenError of the failure of the application's own TokenFunc.
func functionError(tenant string, err error) error {
	if already, ok := errors.AsType[*TokenError](err); ok {
		return already
	}
	return &TokenError{
		Tenant: tenant,
		Hint:   "the TokenFunc failed; unwrap this error for its own",
		cause:  err,
	}
}

// abandonedError is for a caller whose context ended first.
func abandonedError(tenant string, err error) error {
	hint := "the caller's context was cancelled while the token was being fetched"
	if errors.Is(err, context.DeadlineExceeded) {
		hint = "the caller's deadline passed while the token was being fetched; fetch it up front with Warm"
	}
	return &TokenError{Tenant: tenant, Hint: hint, cause: err}
}
