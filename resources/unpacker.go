package resources

import (
	"strconv"
	"strings"
	"sync"
)

// unpackers save each resource the making of one.
//
//nolint:gochecknoglobals // a pool holds nothing between uses
var unpackers = sync.Pool{New: func() any { return new(unpacker) }}

// unpacker reads what a packer wrote, of which there is nothing to doubt, since
// it has never left the process.
type unpacker struct {
	form  string          // what is left of it
	spelt strings.Builder // the texts that are not in it as they are
	walk
}

func (u *unpacker) release() {
	*u = unpacker{}
	unpackers.Put(u)
}

func (u *unpacker) number() uint64 {
	var number uint64
	for i := range len(u.form) {
		c := u.form[i]
		number |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			u.form = u.form[i+1:]
			break
		}
	}
	return number
}

func (u *unpacker) integer() int64 {
	zigzag := u.number()
	return int64(zigzag>>1) ^ -int64(zigzag&1)
}

func (u *unpacker) take(length int) string {
	taken := u.form[:length]
	u.form = u.form[length:]
	return taken
}

func (u *unpacker) boolean() bool  { return u.number() != 0 }
func (u *unpacker) string() string { return u.take(int(u.number())) }

func (u *unpacker) text(words []string) string {
	var room [guidLength]byte
	head := u.number()
	switch rest := head >> textBits; head % (1 << textBits) {
	case textWord:
		return words[rest]
	case textNumber:
		return u.spell(strconv.AppendUint(room[:0], rest, 10))
	case textGUID:
		return u.spell(appendGUID(room[:0], u.take(guidBytes)))
	default:
		return u.take(int(rest))
	}
}

// spell has all such texts of a resource in one piece of memory.
func (u *unpacker) spell(text []byte) string {
	if u.spelt.Cap() == 0 {
		u.spelt.Grow(guidLength + len(u.form))
	}
	start := u.spelt.Len()
	u.spelt.Write(text)
	return u.spelt.String()[start:]
}

// begin reads which fields of a struct are not zero.
func (u *unpacker) begin(of *plan) (filled Fields, flags uint64) {
	var head uint64
	for i := range of.headBytes() {
		head |= uint64(u.form[i]) << (8 * i)
	}
	u.form = u.form[of.headBytes():]
	return Fields(head >> packedBits), head % (1 << packedBits)
}

// end reads what comes behind the fields. A struct made by hand has said nothing.
func (u *unpacker) end(of *plan, filled Fields, flags uint64) *said {
	if flags == 0 {
		return nil
	}
	says := said{present: filled}
	if flags&packedNamed != 0 {
		says.present, says.null = Fields(u.number()), Fields(u.number())
	}
	says.present |= Fields(flags&packedOrigin) * fieldType
	if flags&packedUnknown != 0 {
		says.unknown = u.properties()
	}
	return of.usual.share(says)
}

func (u *unpacker) properties() []property {
	properties := make([]property, u.number())
	for i := range properties {
		properties[i] = property{u.string(), Raw(u.string())}
	}
	return properties
}

func (u *unpacker) visit(value visitable, of *plan) {
	outer := u.walk
	filled, flags := u.begin(of)
	u.walk = walk{plan: of, filled: filled}
	value.visit(u)
	value.wire().said = u.end(of, filled, flags)
	u.walk = outer
}

func (u *unpacker) has(bool) bool {
	u.next++
	return u.filled.Has(1 << (u.next - 1))
}

func (u *unpacker) visitText(field *string) {
	if u.has(false) {
		*field = u.text(u.words())
	}
}

func (u *unpacker) visitInteger(field *int64) {
	if u.has(false) {
		*field = u.integer()
	}
}

func (u *unpacker) visitFlag(field *bool) { *field = u.has(false) }

func (u *unpacker) visitOther(of visitable, _ bool) {
	if u.has(false) {
		shape, value := u.other(of)
		shape.unpack(u, value)
	}
}

func (u *unpacker) count(int) int { return int(u.number()) }

func (u *unpacker) visitStruct(value visitable) { u.visit(value, u.inner()) }
