package media_test

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/graphcalls/graphcalls-go/media"
	"github.com/graphcalls/graphcalls-go/resources"
)

// nearEnd stands for the near end of a media stack.
type nearEnd struct{}

func (nearEnd) Blob(context.Context) (string, error) {
	return `{"mpUri":"net.tcp://1.bot.contoso.com:12332/MediaProcessor","supportedAudioFormat":"Pcm16K"}`, nil
}
func (nearEnd) Modalities() []resources.Modality {
	return []resources.Modality{resources.ModalityAudio}
}
func (nearEnd) Close() error { return nil }

// A session goes into the call it is for, which closes it when it ends:
// AnswerOptions, JoinMeeting and Calls.AddWithMedia take one.
func ExampleSession() {
	var session media.Session = nearEnd{}
	config, err := media.Config(context.Background(), session)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(config.Blob)
	// Output: {"mpUri":"net.tcp://1.bot.contoso.com:12332/MediaProcessor","supportedAudioFormat":"Pcm16K"}
}

// What a failed call had told the platform to connect to.
func ExampleParseBlob() {
	blob, err := media.ParseBlob(`{"mpUri":"net.tcp://1.bot.contoso.com:12332/MediaProcessor","supportedAudioFormat":"Pcm16K"}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(blob.MediaProcessorURI, blob.SupportedAudioFormat)
	// Output: net.tcp://1.bot.contoso.com:12332/MediaProcessor Pcm16K
}

// The settings go into the builder, SetMediaPlatformSettings.
func ExamplePlatformSettings() {
	settings := media.PlatformSettings{Instance: media.InstanceSettings{
		CertificateThumbprint: "0123456789abcdef0123456789abcdef01234567",
		InternalPort:          8445, PublicPort: 13016,
		PublicAddress: netip.IPv4Unspecified(),
		ServiceFQDN:   "1.bot.contoso.com",
	}}
	fmt.Println(settings.Validate())
	// Output: <nil>
}
