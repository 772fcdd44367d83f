package simulator

import (
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Bot is an application that holds calls, as registered with the platform.
// What is left out of it is made up by RegisterBot.
type Bot struct {
	AppID       string
	Secret      string
	DisplayName string
	// TenantID is the organization the bot is registered in; tokens are
	// granted for others too.
	TenantID string
	// InstanceID is the bot's application instance: what phone calls to and
	// from it go by.
	InstanceID string
	// CallingWebhook is where incoming calls go.
	CallingWebhook string
	// Permissions are the application permissions granted, such as
	// Calls.JoinGroupCall.All. All those of the calls API, and of online
	// meetings, when nil.
	Permissions []string
	// LegacyFirst has incoming calls sent in the legacy Skype format first,
	// and again in Graph's when the bot answers 204.
	LegacyFirst bool

	platform *Platform
	webhook  string // guarded by platform.mu
	served   *webhook
}

// RegisterBot makes a bot known to the platform. The result carries what was
// made up, and must not be changed.
func (p *Platform) RegisterBot(bot Bot) *Bot {
	registered := &bot
	registered.platform, registered.served = p, &webhook{}
	registered.webhook = bot.CallingWebhook
	if bot.AppID == "" {
		registered.AppID = newID()
	}
	if bot.Secret == "" {
		registered.Secret = newKeyID()
	}
	if bot.DisplayName == "" {
		registered.DisplayName = "Calling Bot"
	}
	if bot.InstanceID == "" {
		registered.InstanceID = newID()
	}
	if bot.TenantID == "" {
		registered.TenantID = p.Tenant().ID
	}
	if bot.Permissions == nil {
		registered.Permissions = append(allPermissions(), permissionReadMeetings, permissionWriteMeetings)
	}
	registered.TenantID = strings.ToLower(registered.TenantID)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.world.bots[strings.ToLower(registered.AppID)] = registered
	if _, known := p.world.tenants[registered.TenantID]; !known {
		p.world.tenants[registered.TenantID] = &Tenant{ID: registered.TenantID, platform: p}
	}
	return registered
}

// SetCallingWebhook changes where incoming calls go from now on.
func (b *Bot) SetCallingWebhook(url string) {
	b.platform.mu.Lock()
	defer b.platform.mu.Unlock()
	b.webhook = url
}

func (p *Platform) botWithID(appID string) *Bot {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.world.bots[strings.ToLower(appID)]
}

func (b *Bot) identity() *resources.IdentitySet {
	return &resources.IdentitySet{Application: &resources.Identity{ID: b.AppID, DisplayName: b.DisplayName}}
}

// instance is the bot as phones know it.
func (b *Bot) instance() *resources.IdentitySet {
	return &resources.IdentitySet{ApplicationInstance: &resources.Identity{ID: b.InstanceID, DisplayName: b.DisplayName, TenantID: b.TenantID}}
}
