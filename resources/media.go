package resources

// MediaConfig says who handles a call's media: *ServiceHostedMediaConfig (the
// platform plays and records), *AppHostedMediaConfig (the bot's own media
// stack) or *Unknown.
type MediaConfig interface{ mediaConfig() }

// ServiceHostedMediaConfig leaves media to the platform. Prompts named here
// are fetched ahead of use.
type ServiceHostedMediaConfig struct {
	Wire
	PreFetchMedia               []MediaInfo         `json:"preFetchMedia"`
	LiveCaptionOptions          *LiveCaptionOptions `json:"liveCaptionOptions"` // beta
	RemoveFromDefaultAudioGroup bool                `json:"removeFromDefaultAudioGroup"`
}

func (*ServiceHostedMediaConfig) graphType() string { return graphPrefix + "serviceHostedMediaConfig" }
func (*ServiceHostedMediaConfig) mediaConfig()      {}

// AppHostedMediaConfig hands the platform the blob that the bot's own media
// stack made for this call.
type AppHostedMediaConfig struct {
	Wire
	Blob                        string `json:"blob"`
	RemoveFromDefaultAudioGroup bool   `json:"removeFromDefaultAudioGroup"`
}

func (*AppHostedMediaConfig) graphType() string { return graphPrefix + "appHostedMediaConfig" }
func (*AppHostedMediaConfig) mediaConfig()      {}
func (*Unknown) mediaConfig()                   {}

// LiveCaptionOptions says where captions are streamed to (beta).
type LiveCaptionOptions struct {
	Wire
	StreamURL string `json:"streamUrl"`
}

func (*LiveCaptionOptions) graphType() string { return graphPrefix + "liveCaptionOptions" }

// MediaInfo names a sound file: wav, one channel, 16 bit, 16 kHz. With a
// ResourceID the platform caches it under that key.
type MediaInfo struct {
	Wire
	URI        string `json:"uri"`
	ResourceID string `json:"resourceId"`
}

func (*MediaInfo) graphType() string { return graphPrefix + "mediaInfo" }

// Prompt is something to play: *MediaPrompt or *Unknown.
type Prompt interface{ prompt() }

// MediaPrompt plays a sound file.
type MediaPrompt struct {
	Wire
	MediaInfo *MediaInfo `json:"mediaInfo"`
	Loop      int32      `json:"loop"` // beta: how many times it is played; 0 leaves that out, for once
}

// NewMediaPrompt plays the sound file at an address the platform can reach.
func NewMediaPrompt(uri string) *MediaPrompt {
	return &MediaPrompt{MediaInfo: &MediaInfo{URI: uri}}
}

func (*MediaPrompt) graphType() string { return graphPrefix + "mediaPrompt" }
func (*MediaPrompt) prompt()           {}
func (*Unknown) prompt()               {}

// Modality is a kind of media.
type Modality string

// The kinds of media. ModalityUnknown is documented for beta.
const (
	ModalityUnknown                 Modality = "unknown"
	ModalityAudio                   Modality = "audio"
	ModalityVideo                   Modality = "video"
	ModalityVideoBasedScreenSharing Modality = "videoBasedScreenSharing"
	ModalityData                    Modality = "data"
)

func (Modality) words() []string {
	return []string{
		string(ModalityUnknown), string(ModalityAudio), string(ModalityVideo),
		string(ModalityVideoBasedScreenSharing), string(ModalityData),
	}
}

// CallMediaState says whether media flows between the bot and the platform.
type CallMediaState struct {
	Wire
	Audio MediaState `json:"audio"`
}

func (*CallMediaState) graphType() string { return graphPrefix + "callMediaState" }

// MediaState says whether one kind of media flows.
type MediaState string

// The states of media.
const (
	MediaStateActive   MediaState = "active"
	MediaStateInactive MediaState = "inactive"
)

func (MediaState) words() []string {
	return []string{string(MediaStateActive), string(MediaStateInactive)}
}

// ScreenSharingRole is the bot's part in screen sharing.
type ScreenSharingRole string

// The parts in screen sharing.
const (
	ScreenSharingRoleViewer ScreenSharingRole = "viewer"
	ScreenSharingRoleSharer ScreenSharingRole = "sharer"
)

func (ScreenSharingRole) words() []string {
	return []string{string(ScreenSharingRoleViewer), string(ScreenSharingRoleSharer)}
}

// AudioRoutingGroup decides who hears whom, apart from the meeting's main mix.
type AudioRoutingGroup struct {
	Wire
	ID          string      `json:"id"`
	Receivers   []string    `json:"receivers"` // participant ids
	RoutingMode RoutingMode `json:"routingMode"`
	Sources     []string    `json:"sources"` // participant ids
}

func (*AudioRoutingGroup) graphType() string { return graphPrefix + "audioRoutingGroup" }

// RoutingMode is how an audio routing group mixes.
type RoutingMode string

// The ways an audio routing group mixes.
const (
	RoutingModeOneToOne  RoutingMode = "oneToOne"
	RoutingModeMulticast RoutingMode = "multicast"
)

func (RoutingMode) words() []string {
	return []string{string(RoutingModeOneToOne), string(RoutingModeMulticast)}
}

// ContentSharingSession is one act of sharing content in a meeting.
type ContentSharingSession struct {
	Wire
	ID                     string `json:"id"`
	PresenterParticipantID string `json:"presenterParticipantId"` // beta
}

func (*ContentSharingSession) graphType() string { return graphPrefix + "contentSharingSession" }
