package statefulclient

import (
	"context"

	"github.com/graphcalls/graphcalls-go/resources"
)

type screenSharingRequest struct {
	resources.Wire
	Role resources.ScreenSharingRole `json:"role"`
}

// ChangeScreenSharingRole makes the bot share its screen, or stop. It needs a
// group call with app-hosted media; the roster tells how it came out.
//
// See https://learn.microsoft.com/graph/api/call-changescreensharingrole.
func (c *Call) ChangeScreenSharingRole(ctx context.Context, role resources.ScreenSharingRole) error {
	if !resources.Known(role) {
		return invalid("%q is no screen sharing role; use ScreenSharingRoleViewer or ScreenSharingRoleSharer", role)
	}
	_, err := c.act(ctx, "changeScreenSharingRole", &screenSharingRequest{Role: role})
	return err
}
