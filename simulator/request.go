package simulator

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
	"go.uber.org/zap"
)

const jsonType = "application/json; charset=utf-8"

// request is one request to the service on its way through it.
type request struct {
	platform *Platform
	http     *http.Request
	id       string // the service's own
	clientID string // the client's, or else the service's
	scenario string
	version  string // v1.0 or beta
	caller   *caller
	body     []byte
	ids      map[string]string // by name in the endpoint's path
	call     *Call
}

// reply is what the service says. What follows from the request happens after
// the reply has gone out.
type reply struct {
	status      int
	header      http.Header
	contentType string
	body        []byte
	then        func()
}

func (p *Platform) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /login/{tenant}/oauth2/v2.0/token", p.grant)
	mux.HandleFunc("GET /login/{tenant}/v2.0/.well-known/openid-configuration", p.tenantConfiguration)
	mux.HandleFunc("GET /login/{tenant}/discovery/v2.0/keys", p.tenantKeySet)
	mux.HandleFunc("GET /v1/.well-known/{document}", p.callbackConfiguration)
	mux.HandleFunc("GET /v1/keys", p.callbackKeySet)
	mux.HandleFunc("GET /recordings/{id}", p.download)
	others := p.unlessFailing(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/login/") || strings.HasPrefix(r.URL.Path, "/v1/") || strings.HasPrefix(r.URL.Path, "/recordings/") {
			others.ServeHTTP(w, r)
			return
		}
		p.serveService(w, r)
	})
}

func (p *Platform) serveService(w http.ResponseWriter, hr *http.Request) {
	p.counters.requests.Add(1)
	r := p.newRequest(hr)
	began := p.clock.now()
	answer, ok := r.answer(w)
	p.linger(hr)
	if ok {
		r.write(w, answer)
	}
	p.journal.add(Exchange{
		Method: hr.Method, URL: p.address + hr.URL.RequestURI(), CallID: r.callID(),
		RequestHeader: withoutSecrets(hr.Header), RequestBody: r.body,
		Status: answer.status, ResponseHeader: w.Header().Clone(), ResponseBody: answer.body,
		At: began, Took: p.clock.now().Sub(began),
	})
	p.options.Logger.Debug("request", zap.String("method", hr.Method), zap.String("path", hr.URL.Path),
		zap.Int("status", answer.status), zap.String("requestId", r.id), zap.String("callId", r.callID()))
	if answer.then != nil {
		answer.then()
	}
	p.changed.ring()
	if !ok {
		panic(http.ErrAbortHandler) // net/http's way to cut a connection
	}
}

func (p *Platform) newRequest(hr *http.Request) *request {
	r := &request{platform: p, http: hr, id: newID(), clientID: hr.Header.Get("client-request-id"), scenario: hr.Header.Get("scenario-id")}
	if r.clientID == "" {
		r.clientID = r.id
	}
	if r.scenario == "" {
		r.scenario = newID()
	}
	return r
}

// answer serves the request, or what a fault puts in its place; false means
// the connection is to be cut.
func (r *request) answer(w http.ResponseWriter) (reply, bool) {
	failure := r.platform.failures.take(r.http, false)
	r.platform.tallyFailure(failure)
	if failure == nil {
		return r.perform(w), true
	}
	var done reply
	if failure.AfterEffect {
		done = r.perform(w)
	}
	if failure.Status == 0 {
		return reply{then: done.then}, false
	}
	answer := r.refuse(failure.refusal())
	maps.Copy(answer.header, failure.Header)
	answer.then = done.then
	return answer, true
}

func (r *request) perform(w http.ResponseWriter) reply {
	if r.caller = r.platform.authenticate(r.http); r.caller == nil {
		r.platform.counters.unauthorized.Add(1)
		return r.refuse(&refusal{http.StatusUnauthorized, "InvalidAuthenticationToken", "Access token validation failure."})
	}
	endpoint, why := r.route()
	if why == nil {
		why = r.readBody(w)
	}
	if why == nil {
		why = r.findCall()
	}
	if why != nil {
		return r.refuse(why)
	}
	answer, why := endpoint.serve(r)
	if why != nil {
		return r.refuse(why)
	}
	return answer
}

func (r *request) readBody(w http.ResponseWriter) *refusal {
	body, err := r.unpacked(http.MaxBytesReader(w, r.http.Body, r.platform.options.BodyLimit))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge), int64(len(body)) > r.platform.options.BodyLimit:
		return &refusal{http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "The request body is too large."}
	case err != nil:
		return badRequest("The request body could not be read.")
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	kind, _, _ := mime.ParseMediaType(r.http.Header.Get("Content-Type"))
	if kind != "application/json" {
		return &refusal{http.StatusUnsupportedMediaType, "UnsupportedMediaType", "Send the request body as application/json."}
	}
	r.body = body
	return nil
}

// unpacked reads a body that may be compressed, as Microsoft's own clients send
// theirs; up to one byte more than the limit.
func (r *request) unpacked(body io.Reader) ([]byte, error) {
	if !strings.EqualFold(r.http.Header.Get("Content-Encoding"), "gzip") {
		return io.ReadAll(body)
	}
	unzipped, err := gzip.NewReader(body)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(unzipped, r.platform.options.BodyLimit+1))
}

// parse reads the body into a struct; a missing body leaves it as it is.
func (r *request) parse(into any) *refusal {
	if r.body == nil {
		return nil
	}
	if err := json.Unmarshal(r.body, into); err != nil {
		return badRequest("The request body is not what this operation takes.")
	}
	return nil
}

func (r *request) callID() string {
	if r.call == nil {
		return ""
	}
	return r.call.id
}

// write sends the reply whole, so that what follows from the request cannot
// overtake it.
func (r *request) write(w http.ResponseWriter, answer reply) {
	header := w.Header()
	maps.Copy(header, answer.header)
	header["request-id"] = []string{r.id}
	header["client-request-id"] = []string{r.clientID}
	header["scenario-id"] = []string{r.scenario}
	header["x-ms-ags-diagnostic"] = []string{`{"ServerInfo":{"DataCenter":"Simulator","Slice":"E","Ring":"1","ScaleUnit":"001","RoleInstance":"SIM1"}}`}
	if answer.contentType != "" {
		header.Set("Content-Type", answer.contentType)
	}
	if answer.status != http.StatusNoContent {
		header.Set("Content-Length", strconv.Itoa(len(answer.body)))
	}
	w.WriteHeader(answer.status)
	_, _ = w.Write(answer.body)
	_ = http.NewResponseController(w).Flush()
}

// respond makes a reply that carries a resource.
func respond(status int, resource any) (reply, *refusal) {
	body, err := resources.Encode(resource)
	if err != nil {
		return reply{}, &refusal{http.StatusInternalServerError, "generalException", "The reply could not be made."}
	}
	return reply{status: status, header: http.Header{}, contentType: jsonType, body: body}, nil
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		status, body = http.StatusInternalServerError, nil
	}
	w.Header().Set("Content-Type", jsonType)
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
