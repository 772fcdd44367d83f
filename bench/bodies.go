package main

import (
	"bytes"
	"fmt"
	"strconv"
)

// callID is the call that all bodies are about, where they need no other.
const callID = "57dab8b1-894c-409a-b240-bd8beae78896"

// firstSequence is where roster sequence numbers begin. The platform's begin at
// one; with ten digits throughout a body keeps its length when they rise.
const firstSequence = 1_000_000_000

// laterSequence stands in a template for the number that changes.
const laterSequence = 9_999_999_999

// person is somebody in a roster. Their index makes who they are.
type person struct {
	index    int
	muted    bool
	sequence int64
}

// people are the first so many, as they joined.
func people(count int) []person {
	list := make([]person, count)
	for i := range list {
		list[i] = person{index: i, muted: i%3 == 0, sequence: firstSequence}
	}
	return list
}

func (p person) id() string     { return guid(1, p.index) }
func (p person) userID() string { return guid(2, p.index) }

// name is a name no other person has.
func (p person) name() string {
	first, rest := p.index%len(firstNames), p.index/len(firstNames)
	last, rest := rest%len(lastNames), rest/len(lastNames)
	if rest == 0 {
		return firstNames[first] + " " + lastNames[last]
	}
	return firstNames[first] + " " + string(rune('A'+rest%26)) + ". " + lastNames[last]
}

//nolint:gochecknoglobals // words
var (
	firstNames = [...]string{
		"Adele", "Alex", "Allan", "Bianca", "Cameron", "Christie", "Debra", "Diego", "Emily", "Enrico", "Grady", "Henrietta",
		"Irvin", "Isaiah", "Johanna", "Joni", "Lee", "Lidia", "Lynne", "Megan", "Miriam", "Nestor", "Patti", "Pradeep",
	}
	lastNames = [...]string{
		"Vance", "Wilber", "Deyoung", "Pisani", "White", "Cline", "Berger", "Siciliani", "Braun", "Cattaneo", "Archie",
		"Mueller", "Sayers", "Langer", "Lorenz", "Sherman", "Gu", "Holloway", "Robbins", "Bowen", "Graham", "Wilke", "Fernandez", "Gupta",
	}
	regions   = [...]string{"amer", "emea", "apac"}
	languages = [...]string{"en-US", "de-DE", "ja-JP", "fr-FR", "en-GB"}
	countries = [...]string{"US", "DE", "JP", "FR", "GB"}
)

const tenantID = "2432b57b-0abd-43db-aa7b-16eadd115d34"

func (p person) text() string {
	return fmt.Sprintf(`{"@odata.type":"#microsoft.graph.participant","id":"%s","info":{"identity":{"user":`+
		`{"id":"%s","displayName":"%s","tenantId":"%s","identityProvider":"AAD"}},`+
		`"countryCode":"%s","endpointType":"default","languageId":"%s","region":"%s"},`+
		`"mediaStreams":[`+
		`{"mediaType":"audio","sourceId":"%d","direction":"sendReceive","serverMuted":false},`+
		`{"mediaType":"video","sourceId":"%d","direction":"%s","serverMuted":false},`+
		`{"mediaType":"videoBasedScreenSharing","sourceId":"%d","direction":"receiveOnly","serverMuted":false},`+
		`{"mediaType":"data","sourceId":"%d","direction":"sendReceive","serverMuted":false}],`+
		`"isMuted":%t,"isInLobby":false,"metadata":null,"recordingInfo":null,"restrictedExperience":null,`+
		`"rosterSequenceNumber":%d,"removedState":null}`,
		p.id(), p.userID(), p.name(), tenantID,
		countries[p.index%len(countries)], languages[p.index%len(languages)], regions[p.index%len(regions)],
		100+10*p.index, 101+10*p.index, [...]string{"inactive", "sendReceive"}[p.index%2], 102+10*p.index, 103+10*p.index,
		p.muted, p.sequence)
}

func peopleText(list []person) string {
	var text bytes.Buffer
	for i, p := range list {
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteString(p.text())
	}
	return text.String()
}

// envelope is a POST with one notification about a call or what belongs to it.
func envelope(change, call, below, data string) []byte {
	return fmt.Appendf(nil, `{"@odata.type":"#microsoft.graph.commsNotifications","value":[`+
		`{"@odata.type":"#microsoft.graph.commsNotification","changeType":"%s",`+
		`"resource":"/app/calls/%[2]s%[3]s","resourceUrl":"/communications/calls/%[2]s%[3]s","resourceData":%[4]s}]}`,
		change, call, below, data)
}

// callArrives is a call of several people that comes in.
func callArrives(call string) []byte {
	return envelope("created", call, "", fmt.Sprintf(`{"@odata.type":"#microsoft.graph.call","state":"incoming","direction":"incoming",`+
		`"callChainId":"%s","tenantId":"%s","source":{"identity":{"user":{"id":"%s","displayName":"Adele Vance"}},"languageId":"en-US"},`+
		`"meetingInfo":{"@odata.type":"#microsoft.graph.organizerMeetingInfo","organizer":{"user":{"id":"%[3]s"}}},`+
		`"requestedModalities":["audio"],"id":"%[4]s"}`, guid(3, 0), tenantID, guid(2, 0), call))
}

// callUpdate is the POST that comes most often.
func callUpdate(call, state, audio string) []byte {
	return envelope("updated", call, "", fmt.Sprintf(`{"@odata.type":"#microsoft.graph.call","state":"%s",`+
		`"mediaState":{"@odata.type":"#microsoft.graph.callMediaState","audio":"%s"},"tenantId":"%s","callChainId":"%s","id":"%s"}`,
		state, audio, tenantID, guid(3, 0), call))
}

// callUpdates are two updates that differ in state and media, to be sent in
// turns, so that each is news.
func callUpdates(call string) [2][]byte {
	return [2][]byte{callUpdate(call, "established", "active"), callUpdate(call, "hold", "inactive")}
}

// tone is a key pressed.
func tone(call string, sequence int) []byte {
	return envelope("updated", call, "", fmt.Sprintf(`{"@odata.type":"#microsoft.graph.call","state":"established",`+
		`"toneInfo":{"@odata.type":"#microsoft.graph.toneInfo","sequenceId":%d,"tone":"tone5"}}`, sequence))
}

// operationEnd is the end of a prompt.
func operationEnd(call string) []byte {
	return envelope("deleted", call, "/operations/"+guid(4, 0), fmt.Sprintf(`{"@odata.type":"#microsoft.graph.playPromptOperation",`+
		`"status":"completed","clientContext":"%s","resultInfo":{"@odata.type":"#microsoft.graph.resultInfo","code":200,"subcode":0,`+
		`"message":"Action completed successfully."},"id":"%s"}`, guid(5, 0), guid(4, 0)))
}

func roster(call string, list []person) []byte {
	return envelope("updated", call, "/participants", "["+peopleText(list)+"]")
}

func delta(call string, sequence int64, list []person) []byte {
	return envelope("updated", call, "/participants", fmt.Sprintf(
		`[{"@odata.type":"#microsoft.graph.deltaParticipants","sequenceNumber":%d,"participants":[%s]}]`, sequence, peopleText(list)))
}

// rosters are two whole rosters in which three people differ, as templates.
func rosters(call string, count int) [2]template {
	var both [2]template
	for i := range both {
		list := people(count)
		for _, changed := range []int{count / 7, count / 2, count - 1} {
			list[changed].muted, list[changed].sequence = i == 0, laterSequence
		}
		both[i] = newTemplate(roster(call, list))
	}
	return both
}

// deltas are two changes of one person, as templates.
func deltas(call string, index int) [2]template {
	var both [2]template
	for i := range both {
		both[i] = newTemplate(delta(call, laterSequence, []person{{index, i == 0, laterSequence}}))
	}
	return both
}

// template is a body in which a sequence number is to be filled in.
type template struct {
	text  []byte
	holes []int
}

func newTemplate(text []byte) template {
	t := template{text: text}
	mark := strconv.AppendInt(nil, laterSequence, 10)
	for from := 0; ; {
		at := bytes.Index(text[from:], mark)
		if at < 0 {
			return t
		}
		t.holes = append(t.holes, from+at)
		from += at + len(mark)
	}
}

// with is a fresh body, as each POST is.
func (t template) with(sequence int64) []byte {
	body := bytes.Clone(t.text)
	var digits [20]byte
	number := strconv.AppendInt(digits[:0], sequence, 10)
	for _, hole := range t.holes {
		copy(body[hole:], number)
	}
	return body
}

// guid is always the same one for a kind and a number, and looks like any other.
func guid(kind, number int) string {
	high := mixed(uint64(kind)<<32 | uint64(number))
	low := mixed(high)
	return fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", high>>32, high>>16&0xffff, high&0xfff, low>>52, low&0xffffffffffff)
}

// mixed spreads a number over all bits, as splitmix64 does.
func mixed(n uint64) uint64 {
	n += 0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}
