package resources

import "time"

// TeleconferenceDeviceQuality is how well a call went for one room device, as
// the partner that connects such devices to meetings (Cloud Video Interop)
// reports it. No other bot may.
//
// See https://learn.microsoft.com/graph/api/resources/teleconferencedevicequality.
type TeleconferenceDeviceQuality struct {
	Wire
	CallChainID                       string         `json:"callChainId"`   // that of Call, a GUID
	ParticipantID                     string         `json:"participantId"` // MyParticipantID of Call, a GUID
	MediaLegID                        string         `json:"mediaLegId"`    // a GUID of the partner's own
	DeviceName                        string         `json:"deviceName"`    // the device's maker and model
	DeviceDescription                 string         `json:"deviceDescription"`
	CloudServiceName                  string         `json:"cloudServiceName"`
	CloudServiceInstanceName          string         `json:"cloudServiceInstanceName"`
	CloudServiceDeploymentID          string         `json:"cloudServiceDeploymentId"`
	CloudServiceDeploymentEnvironment string         `json:"cloudServiceDeploymentEnvironment"`
	MediaQualityList                  []MediaQuality `json:"mediaQualityList"`
}

func (*TeleconferenceDeviceQuality) graphType() string {
	return graphPrefix + "teleconferenceDeviceQuality"
}

// MediaQuality is how well one stream of a device's media went:
// *TeleconferenceDeviceAudioQuality, *TeleconferenceDeviceVideoQuality,
// *TeleconferenceDeviceScreenSharingQuality, or
// *TeleconferenceDeviceMediaQuality for a kind this package does not know.
type MediaQuality interface {
	// Common returns what all kinds have.
	Common() *TeleconferenceDeviceMediaQuality
}

// TeleconferenceDeviceMediaQuality is what all kinds of media have. Rates of
// loss are percentages, from 0 to 100: 0.01 is one packet in ten thousand. On
// the wire lengths of time are ISO 8601 durations.
type TeleconferenceDeviceMediaQuality struct {
	Wire
	ChannelIndex            int32         `json:"channelIndex"`  // counts the streams of a kind, from 1
	MediaDuration           time.Duration `json:"mediaDuration"` // the sum of all times the stream was on
	NetworkLinkSpeedInBytes int64         `json:"networkLinkSpeedInBytes"`

	LocalIPAddress  string `json:"localIPAddress"`
	LocalPort       int32  `json:"localPort"`
	RemoteIPAddress string `json:"remoteIPAddress"`
	RemotePort      int32  `json:"remotePort"`

	InboundPackets  int64 `json:"inboundPackets"`
	OutboundPackets int64 `json:"outboundPackets"`

	AverageInboundPacketLossRateInPercentage  float64 `json:"averageInboundPacketLossRateInPercentage"`
	AverageOutboundPacketLossRateInPercentage float64 `json:"averageOutboundPacketLossRateInPercentage"`
	MaximumInboundPacketLossRateInPercentage  float64 `json:"maximumInboundPacketLossRateInPercentage"`
	MaximumOutboundPacketLossRateInPercentage float64 `json:"maximumOutboundPacketLossRateInPercentage"`

	AverageInboundRoundTripDelay  time.Duration `json:"averageInboundRoundTripDelay"`
	AverageOutboundRoundTripDelay time.Duration `json:"averageOutboundRoundTripDelay"`
	MaximumInboundRoundTripDelay  time.Duration `json:"maximumInboundRoundTripDelay"`
	MaximumOutboundRoundTripDelay time.Duration `json:"maximumOutboundRoundTripDelay"`

	AverageInboundJitter  time.Duration `json:"averageInboundJitter"`
	AverageOutboundJitter time.Duration `json:"averageOutboundJitter"`
	MaximumInboundJitter  time.Duration `json:"maximumInboundJitter"`
	MaximumOutboundJitter time.Duration `json:"maximumOutboundJitter"`
}

// Common returns the quality itself.
func (q *TeleconferenceDeviceMediaQuality) Common() *TeleconferenceDeviceMediaQuality { return q }

// TeleconferenceDeviceAudioQuality is how well a device's audio went.
type TeleconferenceDeviceAudioQuality struct {
	TeleconferenceDeviceMediaQuality
}

// TeleconferenceDeviceVideoQuality is how well a device's video went. Rates are
// per second.
type TeleconferenceDeviceVideoQuality struct {
	TeleconferenceDeviceMediaQuality
	AverageInboundBitRate    float64 `json:"averageInboundBitRate"`
	AverageInboundFrameRate  float64 `json:"averageInboundFrameRate"`
	AverageOutboundBitRate   float64 `json:"averageOutboundBitRate"`
	AverageOutboundFrameRate float64 `json:"averageOutboundFrameRate"`
}

// TeleconferenceDeviceScreenSharingQuality is how well a device's sharing of a
// screen went.
type TeleconferenceDeviceScreenSharingQuality struct {
	TeleconferenceDeviceVideoQuality
}

func (*TeleconferenceDeviceAudioQuality) graphType() string {
	return graphPrefix + "teleconferenceDeviceAudioQuality"
}

func (*TeleconferenceDeviceVideoQuality) graphType() string {
	return graphPrefix + "teleconferenceDeviceVideoQuality"
}

func (*TeleconferenceDeviceScreenSharingQuality) graphType() string {
	return graphPrefix + "teleconferenceDeviceScreenSharingQuality"
}

// A quality always names its type, so that no property need give it away.
func mediaQualityFamily() family {
	common := memberOf[TeleconferenceDeviceMediaQuality]("")
	return family{[]member{
		memberOf[TeleconferenceDeviceAudioQuality](""), memberOf[TeleconferenceDeviceVideoQuality](""),
		memberOf[TeleconferenceDeviceScreenSharingQuality](""), common,
	}, common.of}
}
