// Package media has the settings of a bot's own media stack.
//
// A bot lets the platform handle its media (resources.ServiceHostedMediaConfig)
// or handles it itself (resources.AppHostedMediaConfig). The stack for the
// latter is Microsoft's, native and for Windows only; it is no part of this
// module, which carries its settings and the blob it makes for each call.
package media

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
)

// PlatformSettings are what a bot's media stack is started with: where the platform
// reaches it. This module checks them, so that a mistake shows before the first call,
// and has no other use for them; the stack is told them by the bot. They mirror the
// .NET SDK's MediaPlatformSettings.
type PlatformSettings struct {
	// ApplicationID is the bot's app id. It is not checked.
	ApplicationID string
	Instance      InstanceSettings
}

// InstanceSettings are those of one instance of the bot.
type InstanceSettings struct {
	// CertificateThumbprint names the certificate of ServiceFQDN: the SHA-1 of
	// its DER form, 40 hexadecimal digits.
	CertificateThumbprint string
	// InternalPort is where the stack listens, PublicPort where the platform
	// connects to.
	InternalPort int
	PublicPort   int
	// PublicAddress is the address the platform connects to; the unspecified
	// address 0.0.0.0 means that of ServiceFQDN.
	PublicAddress netip.Addr
	// ServiceFQDN is the public host name of this instance.
	ServiceFQDN string
}

// Validate reports all mistakes together.
func (s PlatformSettings) Validate() error {
	i := s.Instance
	return errors.Join(
		check(isThumbprint(i.CertificateThumbprint), "media: CertificateThumbprint must be the certificate's SHA-1, 40 hexadecimal digits"),
		checkPort("InternalPort", i.InternalPort),
		checkPort("PublicPort", i.PublicPort),
		check(i.PublicAddress.IsValid(), "media: PublicAddress must be set; 0.0.0.0 stands for the address of ServiceFQDN"),
		check(isHostName(i.ServiceFQDN), "media: ServiceFQDN must be a full host name such as 1.bot.contoso.com"),
	)
}

func check(ok bool, problem string) error {
	if ok {
		return nil
	}
	return errors.New(problem)
}

func checkPort(name string, port int) error {
	return check(port > 0 && port < 1<<16, fmt.Sprintf("media: %s must be from 1 to 65535, and is %d", name, port))
}

func isThumbprint(text string) bool {
	return len(text) == 40 && strings.Trim(strings.ToLower(text), "0123456789abcdef") == ""
}

func isHostName(name string) bool {
	return strings.Contains(strings.Trim(name, "."), ".") && !strings.ContainsAny(name, " /:@")
}
