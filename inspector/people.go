package inspector

import (
	"hash/maphash"
	"strconv"
	"strings"
	"sync"

	"github.com/graphcalls/graphcalls-go/resources"
)

// mostPeople is how many people are remembered by their number. Those who come
// again after so many others have another.
const mostPeople = 16_384

// people gives everybody a number in place of a name. It keeps no name, nor
// anything one could be found from without this process's seed.
type people struct {
	seed maphash.Seed

	mu      sync.Mutex
	numbers map[uint64]int
	order   []uint64 // a ring once it is full
	next    int      // the number of the next
}

func newPeople() *people {
	return &people{seed: maphash.MakeSeed(), numbers: map[uint64]int{}, next: 1}
}

// pseudonym is what somebody is called: person 3.
func (p *people) pseudonym(identity *resources.IdentitySet, participantID string) string {
	kind, id := "person", participantID
	for member, one := range identity.All() {
		if one.ID != "" {
			kind, id = member, one.ID
			break
		}
	}
	switch kind {
	case "user":
		kind = "person"
	case "application", "applicationInstance":
		kind = "bot"
	case "person", "guest", "phone", "device":
	default:
		kind = "person"
	}
	if id == "" {
		return "somebody"
	}
	return kind + " " + strconv.Itoa(p.number(id))
}

func (p *people) number(id string) int {
	hash := maphash.String(p.seed, strings.ToLower(id))
	p.mu.Lock()
	defer p.mu.Unlock()
	if number, known := p.numbers[hash]; known {
		return number
	}
	number := p.next
	p.next++
	if len(p.order) < mostPeople {
		p.order = append(p.order, hash)
	} else {
		oldest := &p.order[(number-1)%mostPeople]
		delete(p.numbers, *oldest)
		*oldest = hash
	}
	p.numbers[hash] = number
	return number
}
