package simulator

import (
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Tenant is an organization. A platform has one to begin with, to which
// everybody belongs who is not said to belong to another.
type Tenant struct {
	ID string

	platform *Platform
	policies []*recordingPolicy // guarded by platform.mu
}

// Tenant is the organization the platform has to begin with.
func (p *Platform) Tenant() *Tenant { return p.world.home }

// AddTenant adds another organization.
func (p *Platform) AddTenant() *Tenant {
	tenant := &Tenant{ID: newID(), platform: p}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.world.tenants[tenant.ID] = tenant
	return tenant
}

// AddPerson adds somebody to the organization.
func (t *Tenant) AddPerson(displayName string) *Person {
	person := &Person{ID: newID(), DisplayName: displayName, TenantID: t.ID, platform: t.platform}
	t.platform.mu.Lock()
	defer t.platform.mu.Unlock()
	t.platform.world.people[person.ID] = person
	return person
}

// AddPerson adds somebody to the platform's first organization.
func (p *Platform) AddPerson(displayName string) *Person { return p.Tenant().AddPerson(displayName) }

// AddPhone adds a telephone and who holds it. Bots call it by its number, from
// an application instance; it calls bots as a [Person] does.
func (p *Platform) AddPhone(number string) *Person {
	phone := &Person{ID: newID(), TenantID: p.Tenant().ID, Phone: number, platform: p}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.world.people[number] = phone
	return phone
}

// personCalled finds who an identity stands for, or nil; callers hold p.mu.
func (p *Platform) personCalled(identity *resources.IdentitySet) *Person {
	switch {
	case identity == nil:
		return nil
	case identity.Phone != nil:
		return p.world.people[identity.Phone.ID]
	case identity.User != nil:
		return p.world.people[strings.ToLower(identity.User.ID)]
	default:
		return nil
	}
}

// botCalled finds the bot an identity stands for, or nil; callers hold p.mu.
func (p *Platform) botCalled(identity *resources.IdentitySet) *Bot {
	if identity != nil && identity.Application != nil {
		return p.world.bots[strings.ToLower(identity.Application.ID)]
	}
	return nil
}

// tenantNamed finds the tenant a token is asked for; common and its like stand
// for the bot's own.
func (p *Platform) tenantNamed(name string, bot *Bot) (string, bool) {
	name = strings.ToLower(name)
	if bot != nil && (name == "common" || name == "organizations") {
		return bot.TenantID, true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	_, known := p.world.tenants[name]
	return name, known
}
