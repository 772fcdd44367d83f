package resources

import "reflect"

// visitable is a struct that rosters are full of. It goes through its fields
// itself, in the order of its plan, which takes a fraction of the time that
// reflection does.
type visitable interface {
	visit(v visitor)
	wire() *Wire
}

func (w *Wire) wire() *Wire { return w }

// visitor packs or unpacks the fields one by one.
type visitor interface {
	// has goes on to the next field, and reports whether it is not zero.
	has(is bool) bool
	// visitText and so on are the next field; visitOther is one of any other kind.
	visitText(field *string)
	visitInteger(field *int64)
	visitFlag(field *bool)
	visitOther(of visitable, is bool)
	// count is the length of the list that the field is.
	count(length int) int
	// visitStruct is a struct in the field.
	visitStruct(value visitable)
}

func visitPointer[T any, P interface {
	*T
	visitable
}](v visitor, field *P) {
	if v.has(*field != nil) {
		if *field == nil {
			*field = new(T)
		}
		v.visitStruct(*field)
	}
}

func visitList[T any, P interface {
	*T
	visitable
}](v visitor, field *[]T) {
	if v.has(*field != nil) {
		if length := v.count(len(*field)); *field == nil {
			*field = make([]T, length)
		}
		for i := range *field {
			v.visitStruct(P(&(*field)[i]))
		}
	}
}

// walk is how far a visitor has come in a struct.
type walk struct {
	plan   *plan
	next   int // place of the next field
	filled Fields
}

// shape is that of the field the visitor is at.
func (w *walk) shape() shape { return w.plan.fields[w.next-1].shape }

// words are the vocabulary of the field, which is a text.
func (w *walk) words() []string { return w.shape().(textShape).words.words }

// inner is the plan of the structs in the field.
func (w *walk) inner() *plan {
	switch s := w.shape().(type) {
	case pointerShape:
		return s.to.(structShape).plan()
	case listShape:
		return s.of.(structShape).plan()
	default:
		return nil
	}
}

func (w *walk) other(of visitable) (shape, reflect.Value) {
	f := &w.plan.fields[w.next-1]
	return f.shape, f.of(reflect.ValueOf(of).Elem())
}

func (p *Participant) visit(v visitor) {
	v.visitText(&p.ID)
	v.visitText(&p.ETag)
	visitPointer(v, &p.Info)
	v.visitFlag(&p.IsInLobby)
	v.visitFlag(&p.IsMuted)
	v.visitFlag(&p.IsIdentityAnonymized)
	visitList(v, &p.MediaStreams)
	v.visitText(&p.Metadata)
	v.visitOther(p, p.RecordingInfo != nil)
	v.visitOther(p, p.RemovedState != nil)
	v.visitOther(p, p.RestrictedExperience != nil)
	v.visitInteger(&p.RosterSequenceNumber)
	v.visitText(&p.PreferredDisplayName)
	v.visitOther(p, p.SyntheticMediaDetection != nil)
	v.visitText(&p.MeetingRole)
}

func (i *ParticipantInfo) visit(v visitor) {
	visitPointer(v, &i.Identity)
	v.visitText(&i.ParticipantID)
	v.visitText(&i.CountryCode)
	v.visitText((*string)(&i.EndpointType))
	v.visitText(&i.LanguageID)
	v.visitText(&i.Region)
	v.visitOther(i, i.NonAnonymizedIdentity != nil)
	v.visitText(&i.PlatformID)
}

func (s *IdentitySet) visit(v visitor) {
	visitPointer(v, &s.User)
	visitPointer(v, &s.Application)
	visitPointer(v, &s.ApplicationInstance)
	visitPointer(v, &s.Phone)
	visitPointer(v, &s.Guest)
	visitPointer(v, &s.AzureCommunicationServicesUser)
	visitPointer(v, &s.OnPremises)
	visitPointer(v, &s.Encrypted)
	visitPointer(v, &s.AssertedIdentity)
	visitPointer(v, &s.Device)
	v.visitText((*string)(&s.EndpointType))
}

func (i *Identity) visit(v visitor) {
	v.visitText(&i.ID)
	v.visitText(&i.DisplayName)
	v.visitText(&i.TenantID)
	v.visitText(&i.IdentityProvider)
	v.visitText(&i.Email)
	v.visitText(&i.ApplicationType)
	v.visitFlag(&i.Hidden)
	v.visitText(&i.AzureCommunicationServicesResourceID)
}

func (s *MediaStream) visit(v visitor) {
	v.visitText((*string)(&s.Direction))
	v.visitText(&s.Label)
	v.visitText((*string)(&s.MediaType))
	v.visitFlag(&s.ServerMuted)
	v.visitText(&s.SourceID)
}
