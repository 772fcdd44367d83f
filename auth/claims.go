package auth

import (
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// azureADIssuer is followed by the tenant and a slash.
const azureADIssuer = "https://sts.windows.net/"

// claims is what a token says, believed only once its signature is verified.
type claims struct {
	jwt.RegisteredClaims
	TenantID string `json:"tid"`
	AppID    string `json:"appid"`
}

// byAzureAD reports whether the issuer is a tenant of Azure AD rather than the calling platform.
func (c *claims) byAzureAD() bool {
	return strings.HasPrefix(c.Issuer, azureADIssuer)
}

func (c *claims) identity() Identity {
	return Identity{TenantID: c.TenantID, Issuer: c.Issuer, AppID: c.AppID, ExpiresAt: c.ExpiresAt.Time}
}

// claimRules is what the claims of an acceptable token look like.
type claimRules struct {
	appID        string
	issuers      []string // without trailing slash
	callingAppID string
	leeway       time.Duration
}

// check returns why the claims are not acceptable at the given moment, "" when they are.
func (r claimRules) check(c *claims, now time.Time) Reason {
	forUs := func(audience string) bool { return strings.EqualFold(audience, r.appID) }
	switch {
	case !c.byAzureAD() && !slices.Contains(r.issuers, strings.TrimSuffix(c.Issuer, "/")):
		return ReasonIssuer
	case !slices.ContainsFunc(c.Audience, forUs):
		return ReasonAudience
	case !validTenant(c.TenantID):
		return ReasonTenant
	case c.byAzureAD() && c.Issuer != azureADIssuer+c.TenantID+"/":
		return ReasonTenant
	case c.byAzureAD() && !strings.EqualFold(c.AppID, r.callingAppID):
		return ReasonApplication
	case c.ExpiresAt == nil || !now.Before(c.ExpiresAt.Add(r.leeway)):
		return ReasonExpired
	case c.NotBefore == nil || now.Before(c.NotBefore.Add(-r.leeway)):
		return ReasonNotYetValid
	}
	return ""
}
