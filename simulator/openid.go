package simulator

import (
	"net/http"
	"strings"
)

type openIDConfiguration struct {
	Issuer        string   `json:"issuer"`
	Authorization string   `json:"authorization_endpoint"`
	Token         string   `json:"token_endpoint,omitempty"`
	Keys          string   `json:"jwks_uri"`
	Algorithms    []string `json:"id_token_signing_alg_values_supported"`
	AuthMethods   []string `json:"token_endpoint_auth_methods_supported"`
}

// callbackConfiguration serves what a bot needs to verify callback tokens.
func (p *Platform) callbackConfiguration(w http.ResponseWriter, r *http.Request) {
	document := strings.ReplaceAll(r.PathValue("document"), "-", "")
	if !strings.EqualFold(document, "openIdConfiguration") {
		http.NotFound(w, r)
		return
	}
	p.counters.configurations.Add(1)
	writeJSON(w, http.StatusOK, openIDConfiguration{
		Issuer:        callbackIssuer,
		Authorization: "https://invalid.botframework.com/",
		Keys:          p.address + "/v1/keys",
		Algorithms:    []string{"RS256"},
		AuthMethods:   []string{"private_key_jwt"},
	})
}

func (p *Platform) callbackKeySet(w http.ResponseWriter, _ *http.Request) {
	p.counters.keySets.Add(1)
	writeJSON(w, http.StatusOK, p.callbackKeys.published())
}

// tenantConfiguration serves the authority's own, for its access tokens.
func (p *Platform) tenantConfiguration(w http.ResponseWriter, r *http.Request) {
	tenant := p.AuthorityURL() + "/" + r.PathValue("tenant")
	writeJSON(w, http.StatusOK, openIDConfiguration{
		Issuer:        "https://sts.windows.net/" + r.PathValue("tenant") + "/",
		Authorization: tenant + "/oauth2/v2.0/authorize",
		Token:         tenant + "/oauth2/v2.0/token",
		Keys:          tenant + "/discovery/v2.0/keys",
		Algorithms:    []string{"RS256"},
		AuthMethods:   []string{"client_secret_post", "client_secret_basic"},
	})
}

func (p *Platform) tenantKeySet(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, p.accessKeys.published())
}
