package resources_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
)

const deviceQuality = `{
	"@odata.type": "#microsoft.graph.teleconferenceDeviceQuality",
	"callChainId": "58e0b7c4-d1a3-4f69-92b8-6c0e7d4f1a35",
	"participantId": "f09b6d3e-4a1c-4d87-a2e5-8c7b1f0d9e63",
	"mediaLegId": "c41d7e90-52b8-4a6f-8e13-0d9b6f2a7c58",
	"deviceName": "Boardroom kit", "deviceDescription": "Building 4, floor 2",
	"cloudServiceName": "rooms.contoso.com", "cloudServiceInstanceName": "front-2",
	"cloudServiceDeploymentId": "d-17", "cloudServiceDeploymentEnvironment": "emea",
	"mediaQualityList": [
		{"@odata.type": "#microsoft.graph.teleconferenceDeviceAudioQuality",
			"channelIndex": 1, "mediaDuration": "PT20M", "networkLinkSpeedInBytes": 13000,
			"localIPAddress": "192.0.2.7", "localPort": 6300, "remoteIPAddress": "198.51.100.9", "remotePort": 6301,
			"inboundPackets": 5500, "outboundPackets": 5400,
			"averageInboundPacketLossRateInPercentage": 0.01, "averageOutboundPacketLossRateInPercentage": 0.02,
			"maximumInboundPacketLossRateInPercentage": 0.05, "maximumOutboundPacketLossRateInPercentage": 0.06,
			"averageInboundRoundTripDelay": "PT0.03S", "averageOutboundRoundTripDelay": "PT0.04S",
			"maximumInboundRoundTripDelay": "PT0.13S", "maximumOutboundRoundTripDelay": "PT0.14S",
			"averageInboundJitter": "PT0.01S", "averageOutboundJitter": "PT0.015S",
			"maximumInboundJitter": "PT0.023S", "maximumOutboundJitter": "PT0.024S"},
		{"@odata.type": "#microsoft.graph.teleconferenceDeviceVideoQuality", "channelIndex": 1,
			"averageInboundBitRate": 512000.5, "averageInboundFrameRate": 29.97,
			"averageOutboundBitRate": 256000, "averageOutboundFrameRate": 15},
		{"@odata.type": "#microsoft.graph.teleconferenceDeviceScreenSharingQuality", "channelIndex": 2,
			"averageInboundFrameRate": 7.5, "mediaDuration": "PT3M0.5S"},
		{"@odata.type": "#microsoft.graph.teleconferenceDeviceScentQuality", "channelIndex": 3, "averageInboundAroma": 4}
	]
}`

func TestDeviceQualityOfEveryKind(t *testing.T) {
	quality, err := resources.Decode[resources.TeleconferenceDeviceQuality]([]byte(deviceQuality))
	require.NoError(t, err)
	require.Empty(t, unknownOf(&quality.Wire))
	require.Equal(t, "Boardroom kit", quality.DeviceName)
	require.Len(t, quality.MediaQualityList, 4)

	audio, ok := quality.MediaQualityList[0].(*resources.TeleconferenceDeviceAudioQuality)
	require.True(t, ok)
	require.Empty(t, unknownOf(&audio.Wire))
	require.Equal(t, 20*time.Minute, audio.MediaDuration)
	require.Equal(t, 15*time.Millisecond, audio.AverageOutboundJitter)
	require.Equal(t, 140*time.Millisecond, audio.MaximumOutboundRoundTripDelay)
	require.EqualValues(t, 5500, audio.InboundPackets)

	video, ok := quality.MediaQualityList[1].(*resources.TeleconferenceDeviceVideoQuality)
	require.True(t, ok)
	require.Equal(t, 29.97, video.AverageInboundFrameRate)

	sharing, ok := quality.MediaQualityList[2].(*resources.TeleconferenceDeviceScreenSharingQuality)
	require.True(t, ok)
	require.Equal(t, 7.5, sharing.AverageInboundFrameRate)
	require.Equal(t, 3*time.Minute+500*time.Millisecond, sharing.Common().MediaDuration)

	other, ok := quality.MediaQualityList[3].(*resources.TeleconferenceDeviceMediaQuality)
	require.True(t, ok)
	require.EqualValues(t, 3, other.Common().ChannelIndex)
	require.Equal(t, []string{"@odata.type", "averageInboundAroma"}, unknownOf(&other.Wire))

	require.JSONEq(t, deviceQuality, encode(t, quality))
}

func TestDeviceQualityMadeByHandNamesItsTypes(t *testing.T) {
	common := resources.TeleconferenceDeviceMediaQuality{ChannelIndex: 1, MediaDuration: 90 * time.Second}
	video := resources.TeleconferenceDeviceVideoQuality{TeleconferenceDeviceMediaQuality: common, AverageInboundFrameRate: 30}
	text := encode(t, &resources.TeleconferenceDeviceQuality{
		DeviceName: "Kit",
		MediaQualityList: []resources.MediaQuality{
			&resources.TeleconferenceDeviceAudioQuality{TeleconferenceDeviceMediaQuality: common},
			&video,
			&resources.TeleconferenceDeviceScreenSharingQuality{TeleconferenceDeviceVideoQuality: video},
		},
	})
	require.JSONEq(t, `{"@odata.type":"#microsoft.graph.teleconferenceDeviceQuality","deviceName":"Kit","mediaQualityList":[
		{"@odata.type":"#microsoft.graph.teleconferenceDeviceAudioQuality","channelIndex":1,"mediaDuration":"PT1M30S"},
		{"@odata.type":"#microsoft.graph.teleconferenceDeviceVideoQuality","channelIndex":1,"mediaDuration":"PT1M30S","averageInboundFrameRate":30},
		{"@odata.type":"#microsoft.graph.teleconferenceDeviceScreenSharingQuality","channelIndex":1,"mediaDuration":"PT1M30S","averageInboundFrameRate":30}]}`, text)
}

func FuzzDeviceQuality(f *testing.F) {
	f.Add([]byte(deviceQuality))
	f.Add([]byte(`{"mediaQualityList":[{"mediaDuration":"PT1.5S"},{"mediaDuration":7},null,3]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		checkTwice(t, text, resources.Decode[resources.TeleconferenceDeviceQuality])
	})
}

func unknownOf(wire *resources.Wire) []string {
	var names []string
	for name := range wire.Properties() {
		names = append(names, name)
	}
	return names
}
