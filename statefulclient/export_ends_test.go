package statefulclient

// KnownEnd is a reason of a call's end that somebody has met; its Code is negative
// where it stands for all that are no success.
type KnownEnd struct {
	Code, Subcode int32
	Class         EndClass
	Documented    bool
	Hint          string
}

// KnownEnds lists what Class and Hint look reasons up in.
func KnownEnds() []KnownEnd {
	var all []KnownEnd
	for code, end := range knownEnds() {
		all = append(all, KnownEnd{code.code, code.subcode, end.class, end.documented, end.hint})
	}
	return all
}
