package control

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
)

const bodyLimit = 1 << 20

// route is one operation of the API; openapi.json describes them all.
type route struct {
	method, path string
	serve        func(*request) (answer, error)
}

func (s *Server) routes() []route {
	return []route{
		{http.MethodGet, "/v1/platform", s.getPlatform},
		{http.MethodGet, "/v1/world", s.getWorld},
		{http.MethodPost, "/v1/certificates", s.createCertificate},
		{http.MethodPost, "/v1/bots", s.createBot},
		{http.MethodGet, "/v1/bots/{bot}", s.getBot},
		{http.MethodPatch, "/v1/bots/{bot}", s.changeBot},
		{http.MethodPost, "/v1/people", s.createPerson},
		{http.MethodPatch, "/v1/people/{person}", s.changePerson},
		{http.MethodPost, "/v1/people/{person}/call", s.callBot},
		{http.MethodPost, "/v1/people/{person}/invite", s.inviteBot},
		{http.MethodPost, "/v1/people/{person}/join", s.joinMeeting},
		{http.MethodPost, "/v1/people/{person}/{act}", s.act},
		{http.MethodPost, "/v1/meetings", s.createMeeting},
		{http.MethodPost, "/v1/meetings/{meeting}/admit", s.admit},
		{http.MethodPost, "/v1/meetings/{meeting}/deny", s.deny},
		{http.MethodPost, "/v1/meetings/{meeting}/end", s.endMeeting},
		{http.MethodGet, "/v1/calls", s.listCalls},
		{http.MethodGet, "/v1/calls/{call}", s.getCall},
		{http.MethodPost, "/v1/calls/{call}/keys", s.pressKey},
		{http.MethodPost, "/v1/calls/{call}/speech", s.speak},
		{http.MethodPost, "/v1/calls/{call}/roster", s.sendRoster},
		{http.MethodPost, "/v1/calls/{call}/hangup", s.hangUp},
		{http.MethodPost, "/v1/calls/{call}/end", s.endCall},
		{http.MethodPost, "/v1/calls/{call}/vanish", s.vanish},
		{http.MethodGet, "/v1/exchanges", s.listExchanges},
		{http.MethodGet, "/v1/faults", s.listFaults},
		{http.MethodPost, "/v1/faults", s.inject},
		{http.MethodDelete, "/v1/faults", s.heal},
		{http.MethodPost, "/v1/faults/release", s.release},
		{http.MethodPost, "/v1/failures", s.failNext},
	}
}

// mux serves the routes, and what is no operation: the stream of events, the
// description of the API, and the page.
func (s *Server) mux() *http.ServeMux {
	mux := http.NewServeMux()
	for _, route := range s.routes() {
		mux.HandleFunc(route.method+" "+route.path, func(w http.ResponseWriter, r *http.Request) {
			done, err := route.serve(&request{Request: r, writer: w})
			if route.method != http.MethodGet {
				s.look()
			}
			if err != nil {
				refuse(w, refusalOf(err))
				return
			}
			write(w, done.status, done.body)
		})
	}
	mux.HandleFunc("GET /v1/events", s.stream)
	mux.HandleFunc("GET /openapi.json", describeAPI)
	mux.HandleFunc("/v1/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, notFound("operation", "; /openapi.json lists them"))
	})
	mux.Handle("/", page())
	return mux
}

type request struct {
	*http.Request

	writer http.ResponseWriter
}

// answer is what an operation replies; without a body it is 204.
type answer struct {
	status int
	body   any
}

func ok(body any) (answer, error)      { return answer{http.StatusOK, body}, nil }
func created(body any) (answer, error) { return answer{http.StatusCreated, body}, nil }
func done() (answer, error)            { return answer{http.StatusNoContent, nil}, nil }

// parse reads a request's body; an empty one leaves the value as it is. What
// the value does not have is refused, so that no misspelt name is ignored.
func (r *request) parse(value any) error {
	text, err := io.ReadAll(http.MaxBytesReader(r.writer, r.Body, bodyLimit))
	if err != nil {
		return invalid("The body must have 1 MiB at most.")
	}
	if len(text) == 0 {
		return nil
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return refusal{http.StatusUnsupportedMediaType, "notJSON", "Send the body as Content-Type: application/json."}
	}
	return parseStrictly(text, value)
}

// refusal is an error as the API words it.
type refusal struct {
	status  int
	code    string
	message string
}

func (r refusal) Error() string { return r.message }

func invalid(message string) refusal { return refusal{http.StatusBadRequest, "invalid", message} }

func conflict(message string) refusal { return refusal{http.StatusConflict, "conflict", message} }

func notFound(what, hint string) refusal {
	return refusal{http.StatusNotFound, "notFound", "There is no such " + what + hint + "."}
}

func refusalOf(err error) refusal {
	if known, ok := errors.AsType[refusal](err); ok {
		return known
	}
	return refusal{http.StatusInternalServerError, "failed", "The simulator could not do this: " + err.Error()}
}

type errorBody struct {
	Error errorDetail `json:"error"`
}

type errorDetail struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func refuse(w http.ResponseWriter, r refusal) {
	write(w, r.status, errorBody{errorDetail{r.code, r.message}})
}

func write(w http.ResponseWriter, status int, body any) {
	if body == nil {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // who asked has gone, or gets what there is
}
