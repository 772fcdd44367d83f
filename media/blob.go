package media

import (
	"fmt"

	"github.com/graphcalls/graphcalls-go/resources"
)

// Blob is what a bot's own media stack tells the platform about one call's
// session, the text in [resources.AppHostedMediaConfig]. Its meaning is
// Microsoft's: these are the keys of the one example that is published, with
// the meaning their names suggest. Microsoft's stack writes the blob and the
// platform reads it, both may change it at any time, and a blob made by hand
// connects no media.
//
// So it is for looking, and for the tests of a [Session]: which host and port
// the platform was told, which versions of the stack a failed call had. Pass
// on the text the stack gave rather than a blob encoded anew.
//
// Keys without a field, and values of another shape than their field, are kept
// in its Wire and written back.
type Blob struct {
	resources.Wire
	// MediaProcessorURI is where the platform connects to, such as
	// net.tcp://1.bot.contoso.com:12332/MediaProcessor.
	MediaProcessorURI string `json:"mpUri"`

	// One id for each stream between the stack and the call. The example has
	// empty lists of some kinds and none of others: a list of length 0 is
	// written as empty, nil not at all.

	AudioRenderContexts []string `json:"audioRenderContexts"`
	VideoRenderContexts []string `json:"videoRenderContexts"`
	AudioSourceContexts []string `json:"audioSourceContexts"`
	VideoSourceContexts []string `json:"videoSourceContexts"`
	DataRenderContexts  []string `json:"dataRenderContexts"`
	DataSourceContexts  []string `json:"dataSourceContexts"`

	SupportedAudioFormat     string   `json:"supportedAudioFormat"` // Pcm16K: 16 kHz, 16 bit, one channel
	VideoSinkEncodingFormats []string `json:"videoSinkEncodingFormats"`
	MediaProcessorSessionID  string   `json:"mpMediaSessionId"`
	RegionAffinity           string   `json:"regionAffinity"`

	MediaBotsVersion      string `json:"skypeMediaBotsVersion"` // of the library the bot is built with
	MediaStackVersion     string `json:"mediaStackVersion"`
	MediaProcessorVersion string `json:"mpVersion"`

	// CallID is the stack's own name for the call, not the id of the call in
	// Graph.
	CallID string `json:"callId"`
}

// ParseBlob reads a blob. Only text that is not a JSON object fails, with an
// error that is [resources.ErrMalformed] and says nothing of the text.
func ParseBlob(text string) (*Blob, error) {
	blob, err := resources.Decode[Blob]([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("media: the blob cannot be read: %w", err)
	}
	return blob, nil
}

// Encode returns the text to put into [resources.AppHostedMediaConfig]. It has
// all the blob was parsed from, though not with the same spacing and order. It
// fails only where SetProperty was given what is not JSON.
func (b *Blob) Encode() (string, error) {
	text, err := resources.Encode(b)
	if err != nil {
		return "", fmt.Errorf("media: the blob cannot be written: %w", err)
	}
	return string(text), nil
}
