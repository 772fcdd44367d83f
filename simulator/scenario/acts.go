package scenario

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
)

// people are what people do.
func people() []form { return slices.Concat(reactions(), comings(), doings(), decisions()) }

// byPerson is an act of a person's.
func byPerson(do func(ctx context.Context, p *play, who *entity, a args) error) func(*parser, args) (act, error) {
	return func(_ *parser, a args) (act, error) {
		return func(ctx context.Context, p *play) error {
			return do(ctx, p, arg[*entity](a, "PERSON"), a)
		}, nil
	}
}

// simply is an act that needs nothing.
func simply(do func(*simulator.Person)) func(*parser, args) (act, error) {
	return byPerson(func(_ context.Context, p *play, who *entity, _ args) error {
		do(p.person(who))
		return nil
	})
}

func reactions() []form {
	reaction := func(text, says string, r simulator.Reaction) form {
		return form{pattern: "PERSON " + text, says: says, setting: true, build: simply(func(p *simulator.Person) { p.WhenCalled(r) })}
	}
	return []form{
		reaction("answers at once", "picks up whatever rings, from now on; so does everybody to begin with", simulator.AnswersAtOnce),
		reaction("lets it ring", "does nothing about what rings, from now on", simulator.LetsRing),
		reaction("always declines", "turns down whatever rings, from now on", simulator.Declines),
		reaction("cannot be reached", "has no phone and no client, from now on", simulator.Unreachable),
	}
}

func comings() []form {
	return []form{
		{pattern: "PERSON calls BOT", says: "calls a bot", build: byPerson(func(_ context.Context, p *play, who *entity, a args) error {
			bot := arg[*entity](a, "BOT")
			p.calledBy(p.person(who).Call(p.bot(bot)).Call, who)
			return nil
		})},
		{pattern: "PERSON joins MEETING", says: "enters a meeting", build: byPerson(func(_ context.Context, p *play, who *entity, a args) error {
			p.person(who).Join(p.meeting(arg[*entity](a, "MEETING")))
			return nil
		})},
		{pattern: "PERSON invites BOT", says: "asks a bot into the meeting or group call they are in", build: byPerson(func(_ context.Context, p *play, who *entity, a args) error {
			if p.person(who).Invite(p.bot(arg[*entity](a, "BOT"))) == nil {
				return fmt.Errorf("%s is in no meeting and no group call to invite anybody to", who.name)
			}
			return nil
		})},
		{pattern: "PERSON leaves", says: "leaves whatever they are in", build: simply((*simulator.Person).Leave)},
		{pattern: "PERSON hangs up", says: "the same", build: simply((*simulator.Person).Leave)},
		{pattern: "MEETING ends", says: "ends for everybody", build: func(_ *parser, a args) (act, error) {
			return func(_ context.Context, p *play) error {
				p.meeting(arg[*entity](a, "MEETING")).End()
				return nil
			}, nil
		}},
	}
}

func doings() []form {
	return []form{
		{pattern: "PERSON mutes", says: "mutes themselves", build: simply((*simulator.Person).Mute)},
		{pattern: "PERSON unmutes", says: "takes it back", build: simply((*simulator.Person).Unmute)},
		{pattern: "PERSON holds", says: "puts the call on hold", build: simply((*simulator.Person).Hold)},
		{pattern: "PERSON resumes", says: "takes it back", build: simply((*simulator.Person).Resume)},
		{pattern: "PERSON shares content", says: "shares their screen in the meeting they are in", build: byPerson(func(_ context.Context, p *play, who *entity, _ args) error {
			for _, meeting := range p.scenario.of(aMeeting) {
				if p.sits(who, meeting) {
					p.person(who).ShareContent(p.meeting(meeting))
					return nil
				}
			}
			return fmt.Errorf("%s is in no meeting of this scenario to share content in", who.name)
		})},
		{pattern: "PERSON stops sharing", says: "takes it back", build: simply((*simulator.Person).StopSharing)},
		{pattern: "PERSON presses KEYS", says: "presses keys; waits until a bot they are connected to listens to keys, or records", build: byPerson(func(ctx context.Context, p *play, who *entity, a args) error {
			call, err := p.callOf(ctx, who, ", established, in which it listens to keys or records", p.hears)
			for _, key := range arg[[]resources.Tone](a, "KEYS") {
				if err == nil {
					call.PressKey(key)
				}
			}
			return err
		})},
		{pattern: "PERSON speaks for DURATION", says: "speaks so long into whatever is recorded in this call, then falls silent", build: byPerson(func(ctx context.Context, p *play, who *entity, a args) error {
			return p.speaks(ctx, who, arg[time.Duration](a, "DURATION"))
		})},
		{pattern: "PERSON stays silent", says: "says nothing into whatever is recorded in this call", build: byPerson(func(ctx context.Context, p *play, who *entity, _ args) error {
			return p.speaks(ctx, who, 0)
		})},
	}
}

func decisions() []form {
	settle := func(how func(*simulator.Person) int) func(*parser, args) (act, error) {
		return byPerson(func(ctx context.Context, p *play, who *entity, _ args) error {
			return p.must(ctx, func() bool { return how(p.person(who)) > 0 }, "nothing rings at "+who.name)
		})
	}
	lobby := func(how func(*simulator.Meeting, *simulator.Bot) bool) func(*parser, args) (act, error) {
		return byPerson(func(ctx context.Context, p *play, who *entity, a args) error {
			bot := arg[*entity](a, "BOT")
			return p.must(ctx, func() bool {
				return slices.ContainsFunc(p.scenario.of(aMeeting), func(m *entity) bool {
					return p.sits(who, m) && how(p.meeting(m), p.bot(bot))
				})
			}, fmt.Sprintf("%s does not wait in the lobby of a meeting %s is in", bot.name, who.name))
		})
	}
	return []form{
		{pattern: "PERSON picks up", says: "answers what rings; waits until something does", build: settle((*simulator.Person).PickUp)},
		{pattern: "PERSON declines", says: "turns down what rings; waits until something does", build: settle((*simulator.Person).Decline)},
		{pattern: "PERSON admits BOT", says: "lets a bot in from the lobby of the meeting they are in; waits until it is there", build: lobby((*simulator.Meeting).AdmitFromLobby)},
		{pattern: "PERSON denies BOT", says: "turns it away", build: lobby((*simulator.Meeting).DenyFromLobby)},
		{pattern: "PERSON removes BOT", says: "takes a bot out of the call they are in", build: byPerson(func(ctx context.Context, p *play, who *entity, a args) error {
			call, err := p.callOf(ctx, who, ", established", established)
			if err == nil {
				call.End(200, 5300, "Participant was removed by another participant.")
			}
			return err
		})},
	}
}

// platformForms are what the platform does, and is made to do.
func platformForms() []form {
	end := func(a args, how func(*simulator.Call)) act {
		return func(ctx context.Context, p *play) error {
			call, err := p.callOf(ctx, arg[*entity](a, "WHO"), "", nil)
			if err == nil {
				how(call)
			}
			return err
		}
	}
	return []form{
		{pattern: "platform ends the call with WHO [as CODE]", says: "ends a bot's call, with a code and subcode; 200/5001 unless said", build: func(_ *parser, a args) (act, error) {
			why := ending{200, 5001}
			if a.has("CODE") {
				why = arg[ending](a, "CODE")
			}
			return end(a, func(c *simulator.Call) { c.End(why.code, why.subcode, "Ended by the scenario.") }), nil
		}},
		{pattern: "platform loses the call with WHO", says: "ends a bot's call without telling it", build: func(_ *parser, a args) (act, error) {
			return end(a, (*simulator.Call).Vanish), nil
		}},
	}
}
