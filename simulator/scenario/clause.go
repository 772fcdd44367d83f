package scenario

import (
	"net/url"
	"slices"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
)

// clause is something that can be expected of somebody, or waited for. Its
// first word is a verb as it stands after must.
type clause struct {
	subject string // its slot
	base    string
	says    string
	build   func(a args) condition
}

// condition is a clause with its slots filled. It is met by something that
// happens, of which one can meet but one expectation, or by how things are.
type condition struct {
	subject *entity
	verb    string // of what can meet it
	matches func(e *event) bool
	holds   func(p *play) bool
}

// third is the clause as it stands without must: plays for play.
func (c clause) third() string {
	verb, rest, _ := strings.Cut(c.base, " ")
	if verb == "be" {
		verb = "is"
	} else {
		verb += "s"
	}
	return strings.TrimSpace(verb + " " + rest)
}

// clauses are all that can be expected.
func clauses() []clause {
	return slices.Concat(callClauses(), mediaClauses(), partyClauses(), botStates(), personStates())
}

// deed is a condition that something the bot does can meet.
func deed(verb string, matches func(a args, e *event) bool) func(args) condition {
	return func(a args) condition {
		return condition{verb: verb, matches: func(e *event) bool { return e.verb == verb && matches(a, e) }}
	}
}

// with says whether the call is with whom a slot names, if it names anybody.
func with(slot string) func(args, *event) bool {
	return func(a args, e *event) bool { return includes(e.with, arg[*entity](a, slot)) }
}

func includes(list []*entity, wanted *entity) bool {
	return wanted == nil || slices.Contains(list, wanted)
}

func callClauses() []clause {
	return []clause{
		{"BOT", "answer [WHO]", "answers a call", deed("answer", with("WHO"))},
		{"BOT", "reject [WHO] [as REASON]", "turns a call down", deed("reject", func(a args, e *event) bool {
			return with("WHO")(a, e) && (!a.has("REASON") || strings.EqualFold(e.word, arg[string](a, "REASON")))
		})},
		{"BOT", "redirect [PERSON] to PARTY", "passes a call on unanswered", deed("redirect", func(a args, e *event) bool {
			return with("PERSON")(a, e) && includes(e.whom, arg[*entity](a, "PARTY"))
		})},
		{"BOT", "redirect [PERSON]", "the same, to anybody", deed("redirect", with("PERSON"))},
		{"BOT", "call [PERSON]", "calls somebody, alone or with others", deed("call", with("PERSON"))},
		{"BOT", "join [MEETING]", "joins a meeting", deed("join", with("MEETING"))},
		{"BOT", "transfer [PERSON] to PARTY", "transfers a call", deed("transfer", func(a args, e *event) bool {
			return with("PERSON")(a, e) && includes(e.whom, arg[*entity](a, "PARTY"))
		})},
		{"BOT", "transfer [PERSON]", "the same, to anybody", deed("transfer", with("PERSON"))},
		{"BOT", "hang up [on WHO]", "ends a call of its own accord", deed("hang up", with("WHO"))},
		{"BOT", "leave [MEETING]", "the same, of a meeting", deed("hang up", with("MEETING"))},
		{"BOT", "keep the call alive", "sends a keepAlive", deed("keep alive", func(args, *event) bool { return true })},
		{"BOT", "create a meeting [for PERSON]", "creates an online meeting, or gets one by its external id", deed("create", func(a args, e *event) bool {
			return includes(e.whom, arg[*entity](a, "PERSON"))
		})},
	}
}

func mediaClauses() []clause {
	return []clause{
		{"BOT", "play URI [to WHO]", "plays a prompt from that address", deed("play", func(a args, e *event) bool {
			return with("WHO")(a, e) && slices.ContainsFunc(e.uris, func(uri string) bool { return like(arg[string](a, "URI"), uri) })
		})},
		{"BOT", "play to WHO", "plays any prompt to them", deed("play", with("WHO"))},
		{"BOT", "play", "plays any prompt", deed("play", with("WHO"))},
		{"BOT", "record [WHO]", "records an answer, usually after a prompt", deed("record", with("WHO"))},
		{"BOT", "listen [to WHO]", "asks for the keys that are pressed", deed("listen", with("WHO"))},
		{"BOT", "send KEYS [to WHO]", "presses keys itself", deed("send", func(a args, e *event) bool {
			return with("WHO")(a, e) && slices.Equal(e.keys, arg[[]resources.Tone](a, "KEYS"))
		})},
		{"BOT", "cancel media", "stops what plays or is recorded", deed("cancel", func(args, *event) bool { return true })},
		{"BOT", "announce NEWS", "says of its recording by policy how it stands", deed("announce", func(a args, e *event) bool {
			return strings.EqualFold(e.word, arg[string](a, "NEWS"))
		})},
	}
}

func partyClauses() []clause {
	whom := func(a args, e *event) bool { return includes(e.whom, arg[*entity](a, "PARTY")) }
	return []clause{
		{"BOT", "invite [PARTY] [to WHO]", "brings somebody into a call", deed("invite", func(a args, e *event) bool { return whom(a, e) && with("WHO")(a, e) })},
		{"BOT", "remove [PARTY]", "takes somebody out of a call", deed("remove", whom)},
		{"BOT", "mute itself", "mutes itself", deed("mute", func(_ args, e *event) bool { return includes(e.whom, e.subject) })},
		{"BOT", "mute [PARTY]", "mutes somebody", deed("mute", whom)},
		{"BOT", "unmute", "takes back that it muted itself", deed("unmute", func(args, *event) bool { return true })},
		{"BOT", "request METHOD URI", "sends the service any request that is granted; the path may hold *", func(a args) condition {
			return condition{verb: "request", matches: func(e *event) bool {
				return e.method == arg[string](a, "METHOD") && e.verb != refusedVerb && like(arg[string](a, "URI"), e.path)
			}}
		}},
		{"BOT", "be refused [with STATUS]", "sends the service a request that is not granted", deed(refusedVerb, func(a args, e *event) bool {
			return !a.has("STATUS") || arg[int](a, "STATUS") == e.status
		})},
	}
}

// like matches an address; a * stands for anything. A path may be given with or
// without its percent signs.
func like(pattern, text string) bool {
	if plain, err := url.PathUnescape(text); err == nil && plain != text && like(pattern, plain) {
		return true
	}
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	first, last := parts[0], parts[len(parts)-1]
	if !strings.HasPrefix(text, first) {
		return false
	}
	text = text[len(first):]
	for _, part := range parts[1 : len(parts)-1] {
		at := strings.Index(text, part)
		if at < 0 {
			return false
		}
		text = text[at+len(part):]
	}
	return strings.HasSuffix(text, last)
}

func botStates() []clause {
	return []clause{
		{"BOT", "be in MEETING", "is in a meeting, past its lobby", func(a args) condition {
			return condition{holds: func(p *play) bool { return p.botSits(arg[*entity](a, "BOT"), arg[*entity](a, "MEETING"), false) }}
		}},
		{"BOT", "wait in the lobby of MEETING", "is kept in a meeting's lobby", func(a args) condition {
			return condition{holds: func(p *play) bool { return p.botSits(arg[*entity](a, "BOT"), arg[*entity](a, "MEETING"), true) }}
		}},
		{"BOT", "be connected to PERSON", "has an established call that they are in", func(a args) condition {
			return condition{holds: func(p *play) bool { return p.connected(arg[*entity](a, "BOT"), arg[*entity](a, "PERSON")) }}
		}},
		{"BOT", "be free", "has no call", func(a args) condition {
			return condition{holds: func(p *play) bool { return !p.busy(arg[*entity](a, "BOT")) }}
		}},
	}
}

func personStates() []clause {
	return []clause{
		{"PERSON", "ring", "is being called", func(a args) condition {
			return condition{holds: func(p *play) bool { return p.person(arg[*entity](a, "PERSON")).Rings() > 0 }}
		}},
		{"PERSON", "be free", "is in no call and no meeting", func(a args) condition {
			return condition{holds: func(p *play) bool { return p.person(arg[*entity](a, "PERSON")).ParticipantID() == "" }}
		}},
		{"PERSON", "be in MEETING", "is in a meeting", func(a args) condition {
			return condition{holds: func(p *play) bool { return p.sits(arg[*entity](a, "PERSON"), arg[*entity](a, "MEETING")) }}
		}},
		{"PERSON", "be with PARTY", "is in one call with somebody, or with a bot", func(a args) condition {
			return condition{holds: func(p *play) bool { return p.together(arg[*entity](a, "PERSON"), arg[*entity](a, "PARTY")) }}
		}},
		{"PERSON", "be muted", "is muted, by themselves or by a bot", func(a args) condition {
			return condition{holds: func(p *play) bool { return p.muted(arg[*entity](a, "PERSON")) }}
		}},
		{"PERSON", "be recorded", "is recorded by policy, and has been told", func(a args) condition {
			return condition{holds: func(p *play) bool { return p.recorded(arg[*entity](a, "PERSON")) }}
		}},
		{"PERSON", "hear URI", "has heard a prompt to its end", func(a args) condition {
			return condition{verb: "hear", matches: func(e *event) bool {
				return e.verb == "hear" && includes(e.with, arg[*entity](a, "PERSON")) &&
					slices.ContainsFunc(e.uris, func(uri string) bool { return like(arg[string](a, "URI"), uri) })
			}}
		}},
	}
}
