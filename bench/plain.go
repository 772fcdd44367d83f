package main

import (
	"encoding/json"
	"fmt"
)

// plainNotifications has the fields of the bodies and nothing else, as somebody
// would write it who needs no more: what they do not name is lost.
type plainNotifications[Data any] struct {
	Value []struct {
		ChangeType   string `json:"changeType"`
		Resource     string `json:"resource"`
		ResourceURL  string `json:"resourceUrl"`
		ResourceData Data   `json:"resourceData"`
	} `json:"value"`
}

type plainCall struct {
	ID          string `json:"id"`
	State       string `json:"state"`
	TenantID    string `json:"tenantId"`
	CallChainID string `json:"callChainId"`
	MediaState  *struct {
		Audio string `json:"audio"`
	} `json:"mediaState"`
}

type plainParticipant struct {
	ID   string `json:"id"`
	Info *struct {
		Identity struct {
			User *struct {
				ID               string `json:"id"`
				DisplayName      string `json:"displayName"`
				TenantID         string `json:"tenantId"`
				IdentityProvider string `json:"identityProvider"`
			} `json:"user"`
		} `json:"identity"`
		CountryCode  string `json:"countryCode"`
		EndpointType string `json:"endpointType"`
		LanguageID   string `json:"languageId"`
		Region       string `json:"region"`
	} `json:"info"`
	MediaStreams []struct {
		MediaType   string `json:"mediaType"`
		SourceID    string `json:"sourceId"`
		Direction   string `json:"direction"`
		ServerMuted bool   `json:"serverMuted"`
	} `json:"mediaStreams"`
	IsMuted              bool    `json:"isMuted"`
	IsInLobby            bool    `json:"isInLobby"`
	Metadata             *string `json:"metadata"`
	RecordingInfo        *string `json:"recordingInfo"`
	RestrictedExperience *string `json:"restrictedExperience"`
	RosterSequenceNumber int64   `json:"rosterSequenceNumber"`
	RemovedState         *string `json:"removedState"`
}

// decodeByJSON is what resources.DecodeNotifications does, by encoding/json,
// which has to be told what the data is.
func decodeByJSON[Data any](body []byte) (*plainNotifications[Data], error) {
	decoded := new(plainNotifications[Data])
	if err := json.Unmarshal(body, decoded); err != nil {
		return nil, fmt.Errorf("encoding/json: %w", err)
	}
	return decoded, nil
}
