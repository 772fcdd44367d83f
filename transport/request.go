package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Request is one request to the service.
type Request struct {
	// Method is GET, POST and so on. "" means GET.
	Method string
	// Path is below the base URL, such as communications/calls/{id}/answer, and may have a query. Ids in it must have
	// gone through url.PathEscape; an empty one is refused. Without the query, logs and errors show it: name people by
	// id, not by address.
	Path string
	// Tenant is the one of the call, for which the token is asked. "" means the provider's default.
	Tenant string
	// ScenarioID ties together all that belongs to one call, in the service's logs and ours. "" sends none.
	ScenarioID string
	// Body is a pointer to a struct of package resources, or to one that embeds resources.Wire; resources.Raw is sent
	// as it is. Nil sends none.
	Body any
	// Idempotent says of a POST or PATCH that sending it twice does no more than sending it once, as with keepAlive.
	//
	// GET, HEAD, PUT and DELETE always are, and are sent again after 429, 502, 503, 504 and failures of the network;
	// GET, DELETE and what is marked here after 500 too. Any other request is sent again only after 429, after 503
	// with Retry-After, when no connection could be made, and once after 401 if the provider has another token.
	Idempotent bool
	// Beta sends the request to Graph's beta endpoint, for what no other has: to the place of the base URL, with beta for
	// v1.0 at its end. With a base URL that ends in neither, the request is refused. As what is in beta may go, an
	// answer of 404 does not match [ErrCallNotFound] unless it has the code for it.
	Beta bool
}

// Route is the request's path with {id} in the place of ids, without the query: fit to label a metric.
func (r *Request) Route() string { return routeOf(r.Path) }

// CallID is the call that the request is about, "" where it is about none.
func (r *Request) CallID() string {
	if !strings.Contains(r.Route(), "calls/{id}") {
		return ""
	}
	path, _ := resources.ParsePath(r.Path)
	return path.CallID
}

// newRequest makes the HTTP request for the one the context carries.
func (c *Client) newRequest(ctx context.Context) (*http.Request, error) {
	p := progressOf(ctx)
	base, err := c.endpoint(p.request.Beta)
	if err != nil {
		return nil, err
	}
	address, err := resolve(base, p.request.Path)
	if err != nil {
		return nil, err
	}
	if p.request.ScenarioID != "" && plainID(p.request.ScenarioID) == "" {
		return nil, errors.New("transport: ScenarioID does not fit into a header: use a GUID")
	}
	body, err := encodeBody(p.request.Body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, p.request.Method, address.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("transport: %w", err)
	}
	request.Header = c.header.Clone()
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Client-Request-Id", p.clientRequestID)
	if p.request.ScenarioID != "" {
		request.Header.Set("Scenario-Id", p.request.ScenarioID)
	}
	if len(body) > 0 {
		request.Header.Set("Content-Type", "application/json")
	}
	return request, nil
}

// endpoint is what paths are below: the base URL, or the beta endpoint in its place.
func (c *Client) endpoint(beta bool) (*url.URL, error) {
	if !beta {
		return c.base, nil
	}
	address := *c.base
	switch cut := strings.LastIndexByte(address.Path, '/') + 1; strings.ToLower(address.Path[cut:]) {
	case "v1.0":
		address.Path = address.Path[:cut] + "beta"
		return &address, nil
	case "beta":
		return c.base, nil
	}
	return nil, errors.New("transport: the request is for Graph's beta endpoint, and the base URL does not tell where that is: " +
		"give one that ends in /v1.0 or /beta, such as https://graph.microsoft.com/v1.0")
}

// resolve puts a path below the base. What would lead elsewhere, or to the parent of what was meant, is refused.
func resolve(base *url.URL, path string) (*url.URL, error) {
	relative, err := url.Parse(strings.TrimPrefix(path, "/"))
	if err != nil || relative.IsAbs() || relative.Host != "" || relative.User != nil || relative.Fragment != "" {
		return nil, errors.New("transport: Path is not a path below the base URL: give one such as communications/calls")
	}
	for segment := range strings.SplitSeq(relative.EscapedPath(), "/") {
		plain, err := url.PathUnescape(segment)
		if err != nil || plain == "" || plain == "." || plain == ".." {
			return nil, errors.New("transport: Path has an empty, . or .. segment: is an id missing?")
		}
	}
	address := *base
	address.Path = base.Path + "/" + relative.Path
	address.RawPath = base.EscapedPath() + "/" + relative.EscapedPath()
	address.RawQuery = relative.RawQuery
	return &address, nil
}

func encodeBody(body any) ([]byte, error) {
	switch body := body.(type) {
	case nil:
		return nil, nil
	case resources.Raw:
		return body, nil
	case interface {
		SetProperty(name string, value resources.Raw) // of an embedded resources.Wire
	}:
		text, err := resources.Encode(body)
		if err != nil {
			return nil, fmt.Errorf("transport: %w", err)
		}
		return text, nil
	}
	return nil, fmt.Errorf("transport: a %T cannot be sent: give a pointer to a struct that embeds resources.Wire", body)
}
