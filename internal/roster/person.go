package roster

import "github.com/graphcalls/graphcalls-go/resources"

// Person is one entry of a roster, at rest: most of a large meeting's are never
// read. Two that are equal say the same.
type Person struct {
	packed   resources.Packed[resources.Participant]
	sequence int64 // of the change that was last about them; 0 where they have none
}

func newPerson(resource *resources.Participant) Person {
	return Person{resources.Pack(resource), resource.RosterSequenceNumber}
}

// Resource returns what is known of the person, made anew each time.
func (p Person) Resource() *resources.Participant { return p.packed.Unpack() }

// InLobby reports whether they wait in the lobby.
func (p Person) InLobby() bool {
	return p.packed.Filled().Has(resources.FieldNamed[resources.Participant]("isInLobby"))
}
