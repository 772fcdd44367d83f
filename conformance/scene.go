package main

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/simulator"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

// scene is what has to be the case for a documented request to make sense: who
// is there, and what they are in the middle of.
type scene struct {
	*stage
	*cast

	ctx        context.Context //nolint:containedctx // a scene is set within one function
	place      place
	documented any               // the documented reply's body
	call       *simulator.Call   // what the request is about, where it is about one
	ids        map[string]string // live ids, by their names in the endpoint's path
	query      string            // the place's, rewritten
	// file is the address of a recording and bearer its token.
	file, bearer string
}

// modest is the body of a call with the platform's media.
func (s *scene) modest(more map[string]any) map[string]any {
	chime := map[string]any{"uri": "https://cdn.contoso.com/chime.wav", "resourceId": "chime"}
	body := map[string]any{
		"callbackUri": s.webhook + "/api/calls", "requestedModalities": []string{"audio"}, "tenantId": s.bot.TenantID,
		"mediaConfig": map[string]any{"@odata.type": "#microsoft.graph.serviceHostedMediaConfig", "preFetchMedia": []any{chime}},
	}
	maps.Copy(body, more)
	return body
}

// calling has the bot call people, and be answered. It calls in the name of its
// application instance where phones take part.
func (s *scene) calling(people ...*simulator.Person) (*simulator.Call, error) {
	var targets []any
	for _, person := range people {
		targets = append(targets, map[string]any{
			"@odata.type": "#microsoft.graph.invitationParticipantInfo", "identity": identityOf(person),
		})
	}
	more := map[string]any{"targets": targets}
	if s.hasPhones() {
		instance := map[string]any{"applicationInstance": map[string]any{"id": s.bot.InstanceID}}
		more["source"] = map[string]any{"identity": instance}
	}
	return s.connect(s.modest(more))
}

// connect places a call and waits until it is established.
func (s *scene) connect(body map[string]any) (*simulator.Call, error) {
	id, err := s.ask(s.ctx, http.MethodPost, "/communications/calls", body)
	if err != nil {
		return nil, err
	}
	call := s.platform.Call(id)
	return call, call.WaitForState(s.ctx, resources.CallStateEstablished)
}

func identityOf(person *simulator.Person) map[string]any {
	const set, one = "#microsoft.graph.identitySet", "#microsoft.graph.identity"
	if person.Phone != "" {
		return map[string]any{"@odata.type": set, "phone": map[string]any{"@odata.type": one, "id": person.Phone}}
	}
	user := map[string]any{"@odata.type": one, "id": person.ID, "displayName": person.DisplayName}
	return map[string]any{"@odata.type": set, "user": user}
}

// placing: nothing is under way yet. A meeting the request names takes place.
func (s *scene) placing() error {
	organizer := s.people["/meetingInfo/organizer/user/id"]
	thread := s.text("/chatInfo/threadId")
	if s.text("/meetingInfo/@odata.type") != "" || thread != "" {
		s.platform.AddMeeting(simulator.Meeting{
			Organizer: organizer, ThreadID: thread, JoinToken: s.text("/meetingInfo/token"),
			JoinMeetingID: s.text("/meetingInfo/joinMeetingId"), Passcode: s.text("/meetingInfo/passcode"),
		})
	}
	return nil
}

// ringing: somebody calls the bot; from a phone where the request names one.
func (s *scene) ringing() error {
	caller := s.platform.AddPerson("Adele Vance")
	if s.hasPhones() {
		caller = s.platform.AddPhone("+14255550111")
	}
	s.about(caller.Call(s.bot).Call)
	return nil
}

// talking: the bot and somebody are in a call, or a group call where the
// request names somebody of it.
func (s *scene) talking() error {
	people := []*simulator.Person{s.platform.AddPerson("Adele Vance")}
	if transferee := s.people["/transferee/identity/user/id"]; transferee != nil {
		people = append(people, transferee)
	}
	call, err := s.calling(people...)
	s.about(call)
	return err
}

// described: the bot is in a meeting if the documented call is in one, and
// else in a call with somebody.
func (s *scene) described() error {
	if call, _ := s.documented.(map[string]any); call["meetingInfo"] != nil {
		return s.meeting()
	}
	return s.talking()
}

// meeting: the bot is in a meeting with two others.
func (s *scene) meeting() error {
	_, err := s.joining(nil)
	return err
}

// presenting is meeting, with media that the bot hosts.
func (s *scene) presenting() error {
	_, err := s.joining(map[string]any{
		"mediaConfig": map[string]any{"@odata.type": "#microsoft.graph.appHostedMediaConfig", "blob": "media"},
	})
	return err
}

func (s *scene) joining(more map[string]any) (*simulator.Meeting, error) {
	adele, alex := s.platform.AddPerson("Adele Vance"), s.platform.AddPerson("Alex Wilber")
	meeting := s.platform.AddMeeting(simulator.Meeting{Organizer: adele})
	adele.Join(meeting)
	alex.Join(meeting)
	chat, info := meeting.Coordinates()
	body := s.modest(more)
	body["chatInfo"], body["meetingInfo"] = chat, info
	call, err := s.connect(body)
	if err != nil {
		return nil, err
	}
	s.about(call)
	s.ids["participant"] = alex.ParticipantID()
	return meeting, nil
}

// meetingItself is meeting, and about the bot's own entry in the roster.
func (s *scene) meetingItself() error {
	meeting, err := s.joining(nil)
	if err != nil {
		return err
	}
	for _, entry := range meeting.Participants() {
		if entry.Info.Identity.Application != nil {
			s.ids["participant"] = entry.ID
		}
	}
	return nil
}

// holding: a participant of the meeting listens to music.
func (s *scene) holding() error {
	if err := s.meeting(); err != nil {
		return err
	}
	_, err := s.act("participants/"+s.ids["participant"]+"/startHoldMusic", struct{}{})
	return err
}

// gallery: a large gallery was asked for, in a meeting.
func (s *scene) gallery() (err error) {
	if err = s.meeting(); err != nil {
		return err
	}
	s.ids["operation"], err = s.act("addLargeGalleryView", map[string]any{"clientContext": "gallery"})
	return err
}

// sharing: the others share content in the meeting.
func (s *scene) sharing() error {
	meeting, err := s.joining(nil)
	if err != nil {
		return err
	}
	for _, name := range []string{"Lee Gu", "Joni Sherman"} {
		s.ids["session"] = s.platform.AddPerson(name).ShareContent(meeting)
	}
	return nil
}

// recording: a policy has somebody recorded, and the bot has answered.
func (s *scene) recording() error {
	adele := s.platform.AddPerson("Adele Vance")
	s.platform.Tenant().SetRecordingPolicy(s.bot, adele)
	adele.Join(s.platform.AddMeeting(simulator.Meeting{Organizer: adele}))
	calls := s.platform.Calls()
	if len(calls) != 1 {
		return errors.New("setting the scene: the recording policy called nobody")
	}
	s.about(calls[0])
	if _, err := s.act("answer", s.modest(nil)); err != nil {
		return err
	}
	return s.call.WaitForState(s.ctx, resources.CallStateEstablished)
}

// recorded: somebody has spoken, and the recording is there to be fetched.
func (s *scene) recorded() error {
	if err := s.talking(); err != nil {
		return err
	}
	if _, err := s.act("recordResponse", map[string]any{"maxRecordDurationInSeconds": 1, "clientContext": "recording"}); err != nil {
		return err
	}
	done, err := s.call.WaitForDelivery(s.ctx, simulator.Under(resources.CollectionOperations))
	if err != nil {
		return err
	}
	data, _ := done.Notification().Data.(resources.OperationData)
	recording, _ := data.Operation.(*resources.RecordOperation)
	if recording == nil {
		return errors.New("setting the scene: nothing was recorded")
	}
	s.file, s.bearer = recording.RecordingLocation, recording.RecordingAccessToken
	return nil
}

// scheduled: the meeting the request names, by what it names it by, is in its
// organizer's calendar.
func (s *scene) scheduled() error {
	organizer := s.platform.AddPerson("Adele Vance")
	meeting := simulator.Meeting{Organizer: organizer}
	values, err := url.ParseQuery(s.place.query)
	if err != nil {
		return err
	}
	_, value, _ := strings.Cut(values.Get("$filter"), "'")
	value = strings.TrimSuffix(value, "'")
	s.query = s.place.query
	if join, err := statefulclient.ParseJoinURL(value); err == nil {
		meeting.ThreadID = join.ChatInfo.ThreadID
		info, _ := join.MeetingInfo.(*resources.OrganizerMeetingInfo)
		s.query = strings.NewReplacer(info.Organizer.User.ID, organizer.ID, join.TenantID, organizer.TenantID).Replace(s.query)
	} else {
		meeting.VideoTeleconferenceID = value
	}
	made := s.platform.AddMeeting(meeting)
	s.ids["user"] = organizer.ID
	s.ids["meeting"], err = s.idOf(made)
	return err
}

// gotten: a request like this one has made the meeting.
func (s *scene) gotten() error {
	if err := s.scheduled(); err != nil {
		return err
	}
	_, err := s.ask(s.ctx, http.MethodPost, "/users/"+s.ids["user"]+"/onlineMeetings/createOrGet", json.RawMessage(s.rewritten()))
	return err
}

// idOf asks for the id a meeting has as a resource.
func (s *scene) idOf(meeting *simulator.Meeting) (string, error) {
	filter := url.QueryEscape("VideoTeleconferenceId eq '" + meeting.VideoTeleconferenceID + "'")
	reply, err := s.send(s.ctx, http.MethodGet, s.platform.ServiceBaseURL()+"/communications/onlineMeetings?$filter="+filter, http.Header{}, nil)
	if err != nil {
		return "", err
	}
	var list resources.OnlineMeetingsReply
	if read, err := resources.Decode[resources.OnlineMeetingsReply](reply.body); err == nil {
		list = *read
	}
	if len(list.Value) != 1 {
		return "", errors.New("setting the scene: the meeting was not found")
	}
	return list.Value[0].ID, nil
}

// about makes a call the one the request is about.
func (s *scene) about(call *simulator.Call) {
	if call != nil {
		s.call, s.ids["call"] = call, call.ID()
	}
}

func (s *scene) act(action string, body any) (string, error) {
	return s.ask(s.ctx, http.MethodPost, "/communications/calls/"+s.call.ID()+"/"+action, body)
}
