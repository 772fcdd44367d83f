package media_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/graphcalls/graphcalls-go/media"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestSettingsAreCheckedTogether(t *testing.T) {
	err := media.PlatformSettings{}.Validate()
	for _, name := range []string{"CertificateThumbprint", "InternalPort", "PublicPort", "PublicAddress", "ServiceFQDN"} {
		require.ErrorContains(t, err, name)
	}
	require.NoError(t, media.PlatformSettings{Instance: media.InstanceSettings{
		CertificateThumbprint: "0123456789ABCDEF0123456789abcdef01234567",
		InternalPort:          8445,
		PublicPort:            12332,
		PublicAddress:         netip.IPv4Unspecified(),
		ServiceFQDN:           "1.bot.contoso.com",
	}}.Validate())
}
