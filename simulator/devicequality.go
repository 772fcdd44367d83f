package simulator

import (
	"encoding/json"
	"net/http"
)

// logDeviceQuality serves POST /communications/calls/logTeleconferenceDeviceQuality.
func logDeviceQuality(r *request) (reply, *refusal) {
	var body struct {
		Quality *struct {
			CallChainID  string            `json:"callChainId"`
			Participant  string            `json:"participantId"`
			MediaQuality []json.RawMessage `json:"mediaQualityList"`
		} `json:"quality"`
	}
	if why := r.parse(&body); why != nil {
		return reply{}, why
	}
	q := body.Quality
	if q == nil || q.CallChainID == "" || q.Participant == "" || len(q.MediaQuality) == 0 {
		return reply{}, badRequest("quality with callChainId, participantId and mediaQualityList must be given.")
	}
	return reply{status: http.StatusOK, contentType: "text/plain"}, nil
}
