package statefulclient_test

import (
	"context"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// How a bot writes the requests of the documented examples. The callback
// address and the modality are left to the client.

type placing = func(ctx context.Context, calls *statefulclient.Calls, c cast) (*statefulclient.Call, error)

func callPeer(source *resources.ParticipantInfo, media resources.MediaConfig, options *resources.CallOptions) placing {
	return func(ctx context.Context, calls *statefulclient.Calls, c cast) (*statefulclient.Call, error) {
		return calls.Add(ctx, resources.Call{
			Source: source, MediaConfig: media, CallOptions: options,
			Targets: []resources.InvitationParticipantInfo{person(c.lidia, "Lidia Holloway")},
		})
	}
}

func callGroup(subject string, media resources.MediaConfig) placing {
	return func(ctx context.Context, calls *statefulclient.Calls, c cast) (*statefulclient.Call, error) {
		return calls.Add(ctx, resources.Call{
			Direction: resources.CallDirectionOutgoing, Subject: subject, Source: theApplication(), MediaConfig: media, TenantID: c.tenant,
			Targets: []resources.InvitationParticipantInfo{person(c.lidia, "Lidia Holloway"), person(c.miriam, "Miriam Graham")},
		})
	}
}

func callPhone(media resources.MediaConfig) placing {
	return func(ctx context.Context, calls *statefulclient.Calls, c cast) (*statefulclient.Call, error) {
		return calls.Add(ctx, resources.Call{
			Source: &resources.ParticipantInfo{Identity: &resources.IdentitySet{
				ApplicationInstance: &resources.Identity{ID: instance, DisplayName: "Concierge Line"},
			}},
			Targets: []resources.InvitationParticipantInfo{{Identity: &resources.IdentitySet{
				Phone: &resources.Identity{ID: "+14255550142"},
			}}},
			MediaConfig: media, TenantID: c.tenant,
		})
	}
}

func join(chat *resources.ChatInfo, media resources.MediaConfig) placing {
	return func(ctx context.Context, calls *statefulclient.Calls, c cast) (*statefulclient.Call, error) {
		return calls.Join(ctx, statefulclient.JoinMeeting{
			ChatInfo: chat, MeetingInfo: c.organizer(), TenantID: c.tenant, MediaConfig: media,
		})
	}
}

func joinOutgoing(chat *resources.ChatInfo, media resources.MediaConfig) placing {
	return func(ctx context.Context, calls *statefulclient.Calls, c cast) (*statefulclient.Call, error) {
		return calls.Add(ctx, resources.Call{
			Direction: resources.CallDirectionOutgoing,
			ChatInfo:  chat, MeetingInfo: c.organizer(), TenantID: c.tenant, MediaConfig: media,
		})
	}
}

func joinByID(passcode string) placing {
	return func(ctx context.Context, calls *statefulclient.Calls, c cast) (*statefulclient.Call, error) {
		return calls.Join(ctx, statefulclient.JoinMeeting{
			MeetingInfo: &resources.JoinMeetingIDMeetingInfo{JoinMeetingID: "295417360814", Passcode: passcode},
			TenantID:    c.tenant,
		})
	}
}

func joinAsGuest(chat *resources.ChatInfo, media resources.MediaConfig) placing {
	return func(ctx context.Context, calls *statefulclient.Calls, c cast) (*statefulclient.Call, error) {
		return calls.Add(ctx, resources.Call{
			Source: &resources.ParticipantInfo{Identity: &resources.IdentitySet{
				Guest: &resources.Identity{ID: guest, DisplayName: "Front Desk Guest"},
			}},
			ChatInfo: chat, MeetingInfo: c.organizer(), MediaConfig: media,
		})
	}
}

func (c cast) organizer() resources.MeetingInfo {
	return &resources.OrganizerMeetingInfo{
		Organizer: &resources.IdentitySet{
			User: &resources.Identity{ID: c.diego, DisplayName: "Diego Siciliani", TenantID: c.tenant},
		},
		AllowConversationWithoutHost: true,
	}
}

func person(id, name string) resources.InvitationParticipantInfo {
	return resources.InvitationParticipantInfo{
		Identity: &resources.IdentitySet{User: &resources.Identity{ID: id, DisplayName: name}},
	}
}

func theApplication() *resources.ParticipantInfo {
	return &resources.ParticipantInfo{Identity: &resources.IdentitySet{
		Application: &resources.Identity{ID: application, DisplayName: "Concierge"},
	}}
}

func meetingChat() *resources.ChatInfo {
	return &resources.ChatInfo{ThreadID: documentedThread, MessageID: "0"}
}

func channelChat() *resources.ChatInfo {
	return &resources.ChatInfo{ThreadID: documentedChannel, MessageID: "1718000400123"}
}

func serviceHosted() resources.MediaConfig { return &resources.ServiceHostedMediaConfig{} }

func prefetching() resources.MediaConfig {
	return &resources.ServiceHostedMediaConfig{PreFetchMedia: []resources.MediaInfo{
		{URI: "https://cdn.contoso.com/chime.wav", ResourceID: "6b1f9d02-5c8e-4a37-90d4-e7a2c3f1b586"},
		{URI: "https://cdn.contoso.com/welcome.wav", ResourceID: "d27e4c90-1a6b-4f58-83c1-9b0f5e7d2a64"},
	}}
}

func appHosted() resources.MediaConfig {
	return &resources.AppHostedMediaConfig{Blob: documentedBlob}
}
