package auth

// Reason is why a request was refused. The set is fixed, so that it can label a counter.
type Reason string

// The reasons, roughly in the order in which a token is checked.
const (
	ReasonNoToken         Reason = "noToken"         // no bearer token in the Authorization header
	ReasonMalformed       Reason = "malformed"       // not one JSON Web Token
	ReasonAlgorithm       Reason = "algorithm"       // signed otherwise than RS256
	ReasonIssuer          Reason = "issuer"          // of nobody trusted
	ReasonAudience        Reason = "audience"        // meant for another application
	ReasonTenant          Reason = "tenant"          // no tenant, or not the one of its issuer
	ReasonApplication     Reason = "application"     // by Azure AD, for an application that is not the platform's
	ReasonExpired         Reason = "expired"         // ended, or without an end
	ReasonNotYetValid     Reason = "notYetValid"     // not begun, or without a beginning
	ReasonUnknownKey      Reason = "unknownKey"      // names no key of its issuer
	ReasonSignature       Reason = "signature"       // not signed by the key it names
	ReasonKeysUnavailable Reason = "keysUnavailable" // not checked: the keys could not be fetched
)

func (r Reason) explanation() string {
	switch r {
	case ReasonNoToken:
		return "the Authorization header holds no bearer token; does a proxy strip it?"
	case ReasonMalformed:
		return "the bearer token is not a JSON Web Token"
	case ReasonAlgorithm:
		return "the token is not signed with RS256"
	case ReasonIssuer:
		return "the token's issuer is not trusted; check the Cloud profile"
	case ReasonAudience:
		return "the token is meant for another application; check the AppID"
	case ReasonTenant:
		return "the token names no tenant, or another than its issuer"
	case ReasonApplication:
		return "the token was issued to an application that is not the calling platform; check Cloud.CallingAppID"
	case ReasonExpired:
		return "the token has expired or has no end; check this machine's clock"
	case ReasonNotYetValid:
		return "the token is not valid yet or has no beginning; check this machine's clock"
	case ReasonUnknownKey:
		return "the token names a key its issuer has not published; check the Cloud profile"
	case ReasonSignature:
		return "the token's signature does not match"
	case ReasonKeysUnavailable:
		return "the issuer's keys could not be fetched; check that this machine can reach the Cloud's configuration URLs"
	}
	return "refused"
}
