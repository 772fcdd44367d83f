package reduce

import (
	"strings"

	"github.com/graphcalls/graphcalls-go/fsm"
	"github.com/graphcalls/graphcalls-go/internal/order"
	"github.com/graphcalls/graphcalls-go/resources"
)

// heard takes in a call's description, in part or whole.
func (s *step) heard(news *resources.Call, change resources.ChangeType) {
	reported := news.State
	if change == resources.ChangeTypeDeleted {
		reported = resources.CallStateTerminated
	}
	before := s.state.Call
	version := order.Compare(news.ETag, s.state.etag)
	late := version == order.Older
	move := s.move(reported, late)
	s.facts(news, reported)
	s.version(news.ETag, version)
	if late || move.Kind == fsm.Backward {
		s.verdict = Stale
	}
	s.pressed(news.ToneInfo)
	if move.Kind == fsm.Unknown {
		s.verdict = Unplaced
	}
	if move.Kind == fsm.Forward {
		s.edge(before, reported, move)
	}
}

// version keeps the latest etag. Where two are of no order, the one that came
// last is taken for it until the platform is asked. Real traffic has none at
// all, and raises no doubt.
func (s *step) version(etag string, to order.Answer) {
	switch {
	case etag == "" || to == order.Older || to == order.Same:
		return
	case to == order.CannotTell && s.state.etag != "":
		s.request(Fetch{DoubtVersion})
	}
	s.state.etag, s.touched = strings.Clone(etag), true
}

// move asks the lattice. A report whose version is older than what is known
// moves nothing, except that an end is believed whatever its version: nothing
// can be later than an end.
func (s *step) move(reported resources.CallState, late bool) fsm.Move {
	if reported == "" {
		return fsm.Move{Kind: fsm.Same}
	}
	move := s.reducer.lattice.Move(s.state.Call.State, reported)
	if late && reported != resources.CallStateTerminated && move.Kind == fsm.Forward {
		return fsm.Move{Kind: fsm.Backward}
	}
	return move
}

// facts merges what the news says, property by property. Each property
// remembers how late a report set it; so a late report fills what nothing
// later has set, and any order of arrival ends in the same facts.
func (s *step) facts(news *resources.Call, reported resources.CallState) {
	stamp := order.Stamp{Version: order.Version(news.ETag), Band: fsm.Band(reported)}
	if stamp.Band == 0 {
		stamp.Band = fsm.Band(s.state.Call.State)
	}
	stamps := s.state.stamps
	said := stamps.Admit(stamp, resources.FieldsOf(news)&^s.reducer.apart)
	undeclared := func(name string) bool { return stamps.AdmitName(stamp, name) }
	merged, changed := resources.Merge(s.state.Call, news, said|resources.Undeclared, undeclared)
	s.stamp(stamp, said)
	for name := range news.Properties() {
		if _, kept := merged.Property(name); kept && undeclared(name) {
			s.stampName(stamp, strings.Clone(name))
		}
	}
	if changed != 0 {
		s.state.Call, s.ours = merged, true
		s.changed()
	}
}

// stamp and stampName note how late facts were said, also of those that were
// known: whatever was said in between has been repeated away.
func (s *step) stamp(stamp order.Stamp, fields resources.Fields) {
	stamps, differ := s.state.stamps.With(stamp, fields)
	s.state.stamps, s.touched = stamps, s.touched || differ
}

func (s *step) stampName(stamp order.Stamp, name string) {
	stamps, differ := s.state.stamps.WithName(stamp, name)
	s.state.stamps, s.touched = stamps, s.touched || differ
}

// keptApart are the properties with rules of their own: the state follows the
// lattice; the id was known before; tones and the etag are about the message.
func keptApart() resources.Fields {
	return resources.FieldNamed[resources.Call]("state") |
		resources.FieldNamed[resources.Call]("id") |
		resources.FieldNamed[resources.Call]("toneInfo") |
		resources.FieldNamed[resources.Call]("@odata.etag") |
		resources.Undeclared
}

// amend changes the call in the making; it is copied once, because the one
// before may be in readers' hands.
func (s *step) amend(change func(*resources.Call)) {
	if !s.ours {
		amended := *s.state.Call
		s.state.Call, s.ours = &amended, true
	}
	change(s.state.Call)
	s.changed()
}
