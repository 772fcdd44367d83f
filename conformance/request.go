package main

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/url"
)

// playRequest sends a documented request to the simulator, and compares what
// it answers with the documented response; without one, the status with that
// of the operation's success.
func (p *page) playRequest(ctx context.Context, e, documented *example, found *findings) error {
	where, ok := placeOf(e.url, p.edition)
	if !ok {
		found.came = append(found.came, "the address cannot be read")
		return nil
	}
	asked, ok := endpointOf(e.method, where)
	if !ok {
		found.came = append(found.came, "no operation of this kind is known")
		return nil
	}
	s, err := newScene(ctx, e, where, asked, documented)
	if s != nil {
		defer s.close()
	}
	if err != nil {
		return err
	}
	got, err := s.perform(e, asked)
	if err != nil {
		return err
	}
	status := asked.status
	if documented != nil && documented.status != 0 {
		status = documented.status
	}
	if got.status != status {
		found.came = append(found.came, fmt.Sprintf("answered %d, not %d: %.200s", got.status, status, got.body))
		return nil
	}
	if documented != nil {
		found.answer = got.compare(documented)
	}
	return nil
}

// newScene sets the scene for a request.
func newScene(ctx context.Context, e *example, where place, asked endpoint, documented *example) (*scene, error) {
	stage, err := newStage(http.HandlerFunc(accepting))
	if err != nil {
		return nil, err
	}
	s := &scene{stage: stage, ctx: ctx, place: where, ids: map[string]string{}, cast: newCast(stage, e.body)}
	if documented != nil {
		whole, _ := documented.mended()
		s.documented = whole.value()
	}
	if err := asked.set(s); err != nil {
		return s, err
	}
	return s, s.callOthers()
}

func (s *scene) perform(e *example, asked endpoint) (*answer, error) {
	header := e.sent()
	address := s.file
	if address == "" {
		address = s.address() + s.place.with(asked.path, s.ids)
		if s.query != "" {
			address += "?" + s.query
		}
	} else {
		header.Set("Authorization", "Bearer "+s.bearer)
	}
	return s.send(s.ctx, e.method, address, header, s.rewritten())
}

// compare compares an answer with the documented one: the media type, where
// Location leads, and the shape of the body.
func (a *answer) compare(documented *example) []string {
	var found []string
	want, _, _ := mime.ParseMediaType(documented.header.Get("Content-Type"))
	got, _, _ := mime.ParseMediaType(a.header.Get("Content-Type"))
	if want != "" && want != got {
		found = append(found, fmt.Sprintf("reply is %s, not %s", got, want))
	}
	if printed := documented.header.Get("Location"); printed != "" {
		location := a.header.Get("Location")
		if location == "" {
			found = append(found, "reply has no Location")
		} else if kind := leadsTo(printed); kind != "" && kind != leadsTo(location) {
			found = append(found, "reply has a Location of another kind")
		}
	}
	if whole, ok := documented.mended(); ok && whole.isJSON {
		found = append(found, differences("", whole.value(), a.value())...)
	}
	return found
}

// leadsTo is the path of the operation that an address is for, empty where it
// is for none that is known.
func leadsTo(location string) string {
	address, err := url.Parse(location)
	if err != nil {
		return ""
	}
	where, _ := placeOf("https://"+graphHost+address.Path, "")
	asked, _ := endpointOf(http.MethodGet, where)
	return asked.path
}
