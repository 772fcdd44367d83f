package resources

import "iter"

// IdentitySet says who somebody is. Several members can be set at once: a bot
// that joined as a guest is an application and a guest. Kinds the platform
// adds later are found by [Wire.Property].
//
// See https://learn.microsoft.com/graph/api/resources/communicationsidentityset.
type IdentitySet struct {
	Wire
	User                           *Identity    `json:"user"`
	Application                    *Identity    `json:"application"`
	ApplicationInstance            *Identity    `json:"applicationInstance"`
	Phone                          *Identity    `json:"phone"` // its ID is the number, E.164
	Guest                          *Identity    `json:"guest"`
	AzureCommunicationServicesUser *Identity    `json:"azureCommunicationServicesUser"`
	OnPremises                     *Identity    `json:"onPremises"`
	Encrypted                      *Identity    `json:"encrypted"` // what a source stays without the permission to see it
	AssertedIdentity               *Identity    `json:"assertedIdentity"`
	Device                         *Identity    `json:"device"`
	EndpointType                   EndpointType `json:"endpointType"`
}

func (*IdentitySet) graphType() string { return graphPrefix + "identitySet" }

// All ranges over the members that are set, by kind as the wire names it; the
// first is the one to show.
func (s *IdentitySet) All() iter.Seq2[string, *Identity] {
	return func(yield func(string, *Identity) bool) {
		if s == nil {
			return
		}
		members := []struct {
			kind     string
			identity *Identity
		}{
			{"user", s.User}, {"guest", s.Guest}, {"phone", s.Phone},
			{"application", s.Application}, {"applicationInstance", s.ApplicationInstance},
			{"azureCommunicationServicesUser", s.AzureCommunicationServicesUser},
			{"onPremises", s.OnPremises}, {"assertedIdentity", s.AssertedIdentity},
			{"encrypted", s.Encrypted}, {"device", s.Device},
		}
		for _, m := range members {
			if m.identity != nil && !yield(m.kind, m.identity) {
				return
			}
		}
	}
}

// DisplayName is the name to show for whoever this is: the first member's
// name, else its id, else "unknown".
func (s *IdentitySet) DisplayName() string {
	id := "unknown"
	for _, identity := range s.All() {
		if identity.DisplayName != "" {
			return identity.DisplayName
		}
		if id == "unknown" && identity.ID != "" {
			id = identity.ID
		}
	}
	return id
}

// Identity is one person, phone or program. It has the properties of every
// kind of identity; each kind uses some of them.
type Identity struct {
	Wire
	ID                                   string `json:"id"`
	DisplayName                          string `json:"displayName"`
	TenantID                             string `json:"tenantId"`                             // users, application instances
	IdentityProvider                     string `json:"identityProvider"`                     // undocumented; "AAD"
	Email                                string `json:"email"`                                // guests
	ApplicationType                      string `json:"applicationType"`                      // applications, such as LargeGallery-V2
	Hidden                               bool   `json:"hidden"`                               // applications and instances not shown to others
	AzureCommunicationServicesResourceID string `json:"azureCommunicationServicesResourceId"` // Azure Communication Services users
}

func (*Identity) graphType() string { return graphPrefix + "identity" }

// EndpointType is the kind of endpoint a participant uses.
type EndpointType string

// The kinds of endpoint.
const (
	EndpointTypeDefault                   EndpointType = "default"
	EndpointTypeVoicemail                 EndpointType = "voicemail"
	EndpointTypeSkypeForBusiness          EndpointType = "skypeForBusiness"
	EndpointTypeSkypeForBusinessVoipPhone EndpointType = "skypeForBusinessVoipPhone"
)

func (EndpointType) words() []string {
	return []string{
		string(EndpointTypeDefault), string(EndpointTypeVoicemail),
		string(EndpointTypeSkypeForBusiness), string(EndpointTypeSkypeForBusinessVoipPhone),
	}
}
