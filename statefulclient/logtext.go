package statefulclient

import "strings"

const maxLoggedID = 200

// loggable returns an id as it came if it is one, and not what else may stand in
// its place: a text with line ends that would forge lines of the log, or one
// with personal data, such as a phone number.
func loggable(id string) string {
	if len(id) > maxLoggedID || strings.HasPrefix(id, "+") || strings.ContainsFunc(id, outsideID) {
		return "(not an id)"
	}
	return id
}

func outsideID(r rune) bool { return outsideName(r) && !strings.ContainsRune("._~:/=|+", r) }
