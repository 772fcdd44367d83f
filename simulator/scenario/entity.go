package scenario

// kind is what a name stands for.
type kind int

const (
	aBot kind = iota + 1
	aPerson
	aPhone
	aMeeting
	aProgram
)

// entity is something with a name: a bot, a person, a phone, a meeting or a
// program.
type entity struct {
	kind kind
	name string
	line int

	title     string  // a person's display name
	number    string  // a phone's
	organizer *entity // a meeting's, nil for somebody else
	open      bool    // a meeting without a passcode
	lobby     string
	command   []string // a program's
}

func (k kind) String() string {
	switch k {
	case aBot:
		return "a bot"
	case aPerson:
		return "a person"
	case aPhone:
		return "a phone"
	case aMeeting:
		return "a meeting"
	case aProgram:
		return "a program"
	default:
		return "nothing"
	}
}

// fields are what {name.field} can say of an entity, in a command.
func (k kind) fields() []string {
	switch k {
	case aBot:
		return []string{"app", "secret", "instance", "listen", "port"}
	case aPerson:
		return []string{"id", "name"}
	case aPhone:
		return []string{"number"}
	case aMeeting:
		return []string{"url", "id", "passcode", "thread", "organizer", "token", "conference"}
	case aProgram:
		return []string{"address"}
	default:
		return nil
	}
}
