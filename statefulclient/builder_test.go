package statefulclient_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/auth"
	"github.com/graphcalls/graphcalls-go/media"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func TestBuildNamesEveryMistake(t *testing.T) {
	_, err := statefulclient.NewStatefulClientBuilder("Echo", "").
		SetServiceBaseUrl("http://graph.contoso.com/v1.0").
		SetMediaPlatformSettings(media.PlatformSettings{}).
		Build()
	for _, mistake := range []string{
		"app id is missing", "SetAuthenticationProvider", "SetNotificationUrl: the address is missing",
		"SetServiceBaseUrl: the address must start with https://", "CertificateThumbprint", "PublicPort", "ServiceFQDN",
	} {
		require.ErrorContains(t, err, mistake)
	}
}

func TestBuildRefusesPlainHTTP(t *testing.T) {
	provider, err := auth.NewClientCredentials(auth.ClientCredentialsOptions{AppID: "app", Secret: "secret"})
	require.NoError(t, err)
	defer provider.Close()
	build := func(callback, service string) error {
		client, err := statefulclient.NewStatefulClientBuilder("Echo", "app").
			SetAuthenticationProvider(provider).
			SetNotificationUrl(callback).
			SetServiceBaseUrl(service).
			SetMediaPlatformSettings(media.PlatformSettings{Instance: media.InstanceSettings{
				CertificateThumbprint: "0123456789abcdef0123456789abcdef01234567",
				InternalPort:          8445, PublicPort: 443, PublicAddress: netip.IPv4Unspecified(), ServiceFQDN: "1.bot.contoso.com",
			}}).
			Build()
		if err == nil {
			client.Close()
		}
		return err
	}
	const good = "https://bot.contoso.com/api/calls"
	require.NoError(t, build(good, statefulclient.DefaultServiceBaseURL))
	require.ErrorContains(t, build("http://bot.contoso.com/api/calls", statefulclient.DefaultServiceBaseURL), "https://")
	require.ErrorContains(t, build("bot.contoso.com", statefulclient.DefaultServiceBaseURL), "not a URL")
	require.Error(t, build(good, "http://graph.contoso.com/v1.0"))
	require.Error(t, build("http://bot.contoso.com", "http://graph.contoso.com/v1.0"))
}
