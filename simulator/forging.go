package simulator

import (
	"net/http"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Forge follows every notification with one that says the call has ended, under
// a token made wrong by one of these forgeries, each in its turn; by each that
// this package has when none are given. Stats.ForgeriesTaken counts those the
// bot fell for.
func (f *Faults) Forge(forgeries ...Forgery) {
	if len(forgeries) == 0 {
		forgeries = Forgeries()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.forgeries = forgeries
}

// SignWith has these forgeries change the tokens of real notifications: such
// as Claim("iss", …) for those of another cloud, or
// [Platform.SignedByAzureAD].
func (f *Faults) SignWith(forgeries ...Forgery) { f.signAs("sign-with", forgeries) }

func (f *Faults) signAs(fault string, forgeries []Forgery) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.signing, f.signingAs = forgeries, fault
}

// Forgeries are all there are: each alone makes a token that a bot must refuse.
func Forgeries() []Forgery {
	return []Forgery{
		Expired, NotYetValid, Unsigned, SignedWithPublicKey, UnknownKey, StolenKeyID,
		Claim("aud", "another-bot"), Claim("iss", "https://login.contoso.com"), Claim("exp", nil), Claim("tid", nil),
	}
}

// GovernmentIssuer makes a token one of the calling platform of the United
// States government, with the keys of this.
func GovernmentIssuer(d *Draft) { d.Claims["iss"] = "https://api.botframework.us" }

// SignedByAzureAD makes a callback token one that Azure AD has issued and
// signed, as Microsoft announced once: its keys are at
// {AuthorityURL}/common/v2.0/.well-known/openid-configuration.
func (p *Platform) SignedByAzureAD() Forgery {
	key := p.accessKeys.current()
	return func(d *Draft) {
		d.Key, d.Header["kid"], d.Header["x5t"] = key.private, key.id, key.id
		tenantID, _ := d.Claims["tid"].(string)
		d.Claims["iss"], d.Claims["appidacr"], d.Claims["ver"] = "https://sts.windows.net/"+tenantID+"/", "2", "1.0"
	}
}

// nextForgery is how to make the next token wrong, or nil.
func (f *Faults) nextForgery() Forgery {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.forgeries) == 0 {
		return nil
	}
	f.forged++
	return f.forgeries[(f.forged-1)%len(f.forgeries)]
}

// signers are what changes the tokens of a call's notifications. They are
// counted.
func (c *Call) signers() []Forgery {
	var all []Forgery
	for _, f := range []*Faults{c.platform.Faults, c.Faults} {
		f.mu.Lock()
		signing, fault := f.signing, f.signingAs
		f.mu.Unlock()
		if len(signing) > 0 {
			c.platform.tally.add(fault, 1)
			all = append(all, signing...)
		}
	}
	return all
}

// forge sends what nobody but an attacker would, to where a letter went.
func (o *outbox) forge(l *letter) {
	p := o.call.platform
	for _, faults := range []*Faults{p.Faults, o.call.Faults} {
		forgery := faults.nextForgery()
		if forgery == nil {
			continue
		}
		token, err := p.callbackToken(o.call.bot, o.call.tenantID, forgery)
		if err != nil {
			continue
		}
		forged := *l
		forged.messageID = newID()
		body, _ := o.call.envelope(resources.ChangeTypeDeleted, resources.Path{CallID: o.call.id}, &resources.Call{
			State: resources.CallStateTerminated, ResultInfo: conversationEnded(),
		})
		header := letterHeader(o.call, &forged)
		header.Set("Authorization", "Bearer "+token)
		exchange := p.courier.exchange(p.life.ctx, o.call.id, http.MethodPost, l.url, header, body)
		p.tally.add("forge", 1)
		if exchange.Status >= 200 && exchange.Status < 300 {
			p.counters.forgeriesTaken.Add(1)
		}
	}
}
