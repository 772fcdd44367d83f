package simulator

import (
	"net/http"

	"github.com/graphcalls/graphcalls-go/resources"
)

const galleryAppID = "3c28fd97-6d51-4f2f-8bba-82dcbf408ff6"

// addLargeGalleryView serves POST …/addLargeGalleryView.
func addLargeGalleryView(r *request, clientContext string) (reply, *refusal) {
	call := r.call
	if why := call.isGroup(); why != nil {
		return reply{}, why
	}
	op := call.startOperation(fresh[resources.AddLargeGalleryViewOperation](galleryText), clientContext)
	return r.replyThen(http.StatusAccepted, op, func() {
		call.endOperationWell(op)
		call.conversation.enter(&member{id: newID()})
		call.conversation.announce()
	})
}

func galleryIdentity() *resources.IdentitySet {
	gallery := &resources.Identity{ID: galleryAppID, IdentityProvider: "AAD"}
	gallery.SetProperty("ApplicationType", resources.Raw(`"LargeGallery-V2"`))
	return &resources.IdentitySet{Application: gallery}
}

// dressGallery completes the roster entry of the large gallery: it hears, and
// shows everybody.
func (m *member) dressGallery(entry *resources.Participant) {
	if m.person != nil || m.call != nil {
		return
	}
	entry.Info.EndpointType, entry.Info.ParticipantID = resources.EndpointTypeDefault, m.id
	entry.MediaStreams[0].Direction = resources.MediaDirectionReceiveOnly
	picture := fresh[resources.MediaStream](mediaStreamText)
	picture.MediaType, picture.Label = resources.ModalityVideo, "main-video"
	picture.SourceID, picture.Direction = m.source+"00", resources.MediaDirectionSendReceive
	entry.MediaStreams = append(entry.MediaStreams, *picture)
	entry.Metadata = `{"__platform":{"ui":{"hidden":true}},"audienceView":{"id":"` + m.id + `/1","page":1,"status":"active","type":"lg","aspectRatio":"widescreen"}}`
	entry.MeetingRole = "presenter"
}
