package media_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/media"
	"github.com/graphcalls/graphcalls-go/resources"
)

// The keys of the published example, with values of our own.
const blobText = `{"mpUri":"net.tcp://1.bot.contoso.com:12332/MediaProcessor",` +
	`"audioRenderContexts":["render-1"],"videoRenderContexts":[],"audioSourceContexts":["source-1"],"videoSourceContexts":[],` +
	`"dataRenderContexts":null,"dataSourceContexts":null,"supportedAudioFormat":"Pcm16K","videoSinkEncodingFormats":[],` +
	`"mpMediaSessionId":"2b7c0f5e-9d41-4e38-8a63-71f0d5c2b984","regionAffinity":null,"skypeMediaBotsVersion":"1.31.0.225",` +
	`"mediaStackVersion":"2023.1.1.1","mpVersion":"7.2.1.9","callId":"60d3a8f1-4c2e-4b97-95d8-0e7f1b6a3c52"}`

func TestBlobOfThePublishedKeys(t *testing.T) {
	blob, err := media.ParseBlob(blobText)
	require.NoError(t, err)
	for name := range blob.Properties() {
		require.Empty(t, name, "a published key has no field")
	}
	require.Equal(t, "net.tcp://1.bot.contoso.com:12332/MediaProcessor", blob.MediaProcessorURI)
	require.Equal(t, []string{"render-1"}, blob.AudioRenderContexts)
	require.Equal(t, []string{}, blob.VideoRenderContexts)
	require.Nil(t, blob.DataRenderContexts)
	require.Equal(t, "Pcm16K", blob.SupportedAudioFormat)
	require.Equal(t, "1.31.0.225", blob.MediaBotsVersion)
	text, err := blob.Encode()
	require.NoError(t, err)
	require.JSONEq(t, blobText, text)
}

func TestBlobKeepsWhatItDoesNotKnow(t *testing.T) {
	const odd = `{"mpUri":7,"videoSinkEncodingFormats":[{"width":1280}],"future":{"a":[1,2.50]}}`
	blob, err := media.ParseBlob(odd)
	require.NoError(t, err)
	require.Empty(t, blob.MediaProcessorURI)
	text, err := blob.Encode()
	require.NoError(t, err)
	require.JSONEq(t, odd, text)
}

func TestBlobMadeByHandSaysWhatItHas(t *testing.T) {
	blob := media.Blob{MediaProcessorURI: "net.tcp://a.example:1/MediaProcessor", AudioRenderContexts: []string{"r"}, VideoRenderContexts: []string{}}
	text, err := blob.Encode()
	require.NoError(t, err)
	require.JSONEq(t, `{"mpUri":"net.tcp://a.example:1/MediaProcessor","audioRenderContexts":["r"],"videoRenderContexts":[]}`, text)
	blob.SetProperty("broken", resources.Raw(`{`))
	_, err = blob.Encode()
	require.ErrorContains(t, err, "media: ")
}

func TestBlobThatIsNoneIsRefusedWithoutEcho(t *testing.T) {
	for _, text := range []string{"", "<secret configuration>", "[]", `"secret"`, "null", `{"secret":`, `{} secret`} {
		_, err := media.ParseBlob(text)
		require.ErrorIs(t, err, resources.ErrMalformed, text)
		require.NotContains(t, err.Error(), "secret")
	}
}

func FuzzParseBlob(f *testing.F) {
	f.Add(blobText)
	f.Add(`{"mpUri":null,"x":1,"audioRenderContexts":["a",2]}`)
	f.Fuzz(func(t *testing.T, text string) {
		blob, err := media.ParseBlob(text)
		if err != nil {
			require.ErrorIs(t, err, resources.ErrMalformed)
			return
		}
		written, err := blob.Encode()
		require.NoError(t, err)
		again, err := media.ParseBlob(written)
		require.NoError(t, err)
		require.True(t, resources.Equal(blob, again), written)
		rewritten, err := again.Encode()
		require.NoError(t, err)
		require.Equal(t, written, rewritten)
	})
}
