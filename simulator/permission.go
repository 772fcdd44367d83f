package simulator

import (
	"net/http"
	"slices"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
)

// The permissions the calls API knows. They are checked when a call is made,
// not within it.
const (
	permissionInitiate      = "Calls.Initiate.All"
	permissionInitiateGroup = "Calls.InitiateGroupCall.All"
	permissionJoin          = "Calls.JoinGroupCall.All"
	permissionJoinAsGuest   = "Calls.JoinGroupCallAsGuest.All"
	permissionMedia         = "Calls.AccessMedia.All"
	// Consented to for one chat alone, and so for its meeting.
	permissionJoinChat  = "Calls.JoinGroupCalls.Chat"
	permissionMediaChat = "Calls.AccessMedia.Chat"
)

func allPermissions() []string {
	return []string{
		permissionInitiate, permissionInitiateGroup,
		permissionJoin, permissionJoinAsGuest, permissionMedia,
	}
}

// permit checks that the caller may hold a call with that media, having one of
// the given permissions.
func (r *request) permit(media resources.MediaConfig, anyOf ...string) *refusal {
	allowed := slices.ContainsFunc(anyOf, r.has)
	if _, appHosted := media.(*resources.AppHostedMediaConfig); appHosted {
		allowed = allowed && (r.has(permissionMedia) || r.has(permissionMediaChat))
	}
	if allowed {
		return nil
	}
	return notPermitted()
}

// maySeeCallers says whether the bot is told who calls it: without any
// permission of the calls API it gets an identity it can make nothing of.
func (b *Bot) maySeeCallers() bool {
	return slices.ContainsFunc(b.Permissions, func(granted string) bool {
		return strings.HasPrefix(strings.ToLower(granted), "calls.")
	})
}

func notPermitted() *refusal {
	return &refusal{http.StatusForbidden, "7504", "Insufficient enterprise tenant permissions, cannot access this API."}
}

// needing serves an action to callers that have one of these permissions.
func needing(serve handler, anyOf ...string) handler {
	return func(r *request) (reply, *refusal) {
		if !slices.ContainsFunc(anyOf, r.has) {
			return reply{}, notPermitted()
		}
		return serve(r)
	}
}

func (r *request) has(permission string) bool {
	return slices.ContainsFunc(r.caller.permissions, func(granted string) bool { return strings.EqualFold(granted, permission) })
}
