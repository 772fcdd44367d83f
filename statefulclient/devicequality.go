package statefulclient

import (
	"context"
	"fmt"
	"net/http"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/transport"
)

type deviceQualityRequest struct {
	resources.Wire
	Quality *resources.TeleconferenceDeviceQuality `json:"quality"`
}

// LogTeleconferenceDeviceQuality reports how a call sounded and looked on a
// meeting room device; for partners of Cloud Video Interop.
//
// See https://learn.microsoft.com/graph/api/call-logteleconferencedevicequality.
func (c *Calls) LogTeleconferenceDeviceQuality(ctx context.Context, tenantID string, quality resources.TeleconferenceDeviceQuality) error {
	if c.client.closed() {
		return ErrClosed
	}
	_, err := c.client.rest.Do(ctx, transport.Request{
		Method: http.MethodPost, Path: "communications/calls/logTeleconferenceDeviceQuality", Tenant: tenantID,
		ScenarioID: newScenarioID(), Body: &deviceQualityRequest{Quality: &quality},
	})
	if err != nil {
		return fmt.Errorf("statefulclient: log device quality: %w", err)
	}
	return nil
}
