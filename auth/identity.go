package auth

import "time"

// Identity is what a verified token says about its sender.
type Identity struct {
	// TenantID is the tenant the notification is about. Never empty.
	TenantID string
	// Issuer is who signed the token, as it spells itself.
	Issuer string
	// AppID is the platform application that called. Only tokens issued by Azure AD must carry one; it may be empty.
	AppID string
	// ExpiresAt is when the token ends, before any leeway.
	ExpiresAt time.Time
}
