package resources

import (
	"encoding/binary"
	"slices"
	"sync"
)

// packers save each resource the making of one.
//
//nolint:gochecknoglobals // a pool holds nothing between uses
var packers = sync.Pool{New: func() any { return new(packer) }}

// packer writes what an unpacker reads.
type packer struct {
	form []byte
	walk
}

func (p *packer) number(n uint64) { p.form = binary.AppendUvarint(p.form, n) }

func (p *packer) integer(n int64) { p.form = binary.AppendVarint(p.form, n) }

func (p *packer) boolean(b bool) {
	if b {
		p.number(1)
	} else {
		p.number(0)
	}
}

func (p *packer) string(s string) {
	p.number(uint64(len(s)))
	p.form = append(p.form, s...)
}

// A text begins with a number, whose lowest bits say what the others are.
const (
	textPlain  = iota // the text's length, and it follows
	textWord          // its place in the vocabulary
	textNumber        // the number that it spells
	textGUID          // nothing, and its bytes follow
	textBits   = 2
)

func (p *packer) text(text string, words []string) {
	if place := slices.Index(words, text); place >= 0 {
		p.textHead(textWord, uint64(place))
		return
	}
	if number, ok := numberOf(text); ok {
		p.textHead(textNumber, number)
		return
	}
	if guid, ok := guidOf(text); ok {
		p.textHead(textGUID, 0)
		p.form = append(p.form, guid[:]...)
		return
	}
	p.textHead(textPlain, uint64(len(text)))
	p.form = append(p.form, text...)
}

func (p *packer) textHead(kind, rest uint64) { p.number(rest<<textBits | kind) }

// A struct begins with a number of as many bytes as its type needs: which fields
// are not zero and, in the lowest bits, what else there is to say.
const (
	packedType    = 1 << iota // it came with its type's name,
	packedDecoded             // and from text: as fieldType and fieldDecoded
	packedNamed               // behind the fields: which the text named, and which as null
	packedUnknown             // at the end: properties without a field
	packedBits    = iota
	packedOrigin  = packedType | packedDecoded
)

func (p *plan) headBytes() int { return (len(p.fields) + packedBits + 7) / 8 }

// begin leaves room for the number.
func (p *packer) begin(of *plan) (start int) {
	var room [8]byte
	start = len(p.form)
	p.form = append(p.form, room[:of.headBytes()]...)
	return start
}

// end writes the number, and what comes behind the fields.
func (p *packer) end(of *plan, start int, filled Fields, said *said) {
	head := uint64(filled) << packedBits
	if said != nil {
		head |= uint64(said.present/fieldType) & packedOrigin
		if said.present&(of.all|fieldDecoded) != filled|fieldDecoded || said.null != 0 {
			head |= packedNamed
			p.number(uint64(said.present & of.all))
			p.number(uint64(said.null))
		}
		if len(said.unknown) > 0 {
			head |= packedUnknown
			p.properties(said.unknown)
		}
	}
	for i := start; head != 0; i++ {
		p.form[i] = byte(head)
		head >>= 8
	}
}

func (p *packer) properties(properties []property) {
	p.number(uint64(len(properties)))
	for _, property := range properties {
		p.string(property.name)
		p.string(string(property.value))
	}
}

func (p *packer) visit(value visitable, of *plan) {
	outer := p.walk
	p.walk = walk{plan: of}
	start := p.begin(of)
	value.visit(p)
	p.end(of, start, p.filled, value.wire().said)
	p.walk = outer
}

func (p *packer) has(is bool) bool {
	if is {
		p.filled |= 1 << p.next
	}
	p.next++
	return is
}

func (p *packer) visitText(field *string) {
	if p.has(*field != "") {
		p.text(*field, p.words())
	}
}

func (p *packer) visitInteger(field *int64) {
	if p.has(*field != 0) {
		p.integer(*field)
	}
}

func (p *packer) visitFlag(field *bool) { p.has(*field) }

func (p *packer) visitOther(of visitable, is bool) {
	if p.has(is) {
		shape, value := p.other(of)
		shape.pack(p, value)
	}
}

func (p *packer) count(length int) int {
	p.number(uint64(length))
	return length
}

func (p *packer) visitStruct(value visitable) { p.visit(value, p.inner()) }
