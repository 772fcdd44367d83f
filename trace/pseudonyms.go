package trace

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"strings"

	"github.com/graphcalls/graphcalls-go/resources"
)

// pseudonyms replace texts: the same by the same, and different ones by different
// ones, under a key that is forgotten afterwards, so that nobody can find a text
// out by trying.
type pseudonyms struct{ mac hash.Hash }

const keyBytes = 32

func newPseudonyms(random io.Reader) *pseudonyms {
	key := make([]byte, keyBytes)
	_, _ = io.ReadFull(random, key) // crypto/rand never fails
	return &pseudonyms{hmac.New(sha256.New, key)}
}

func (p *pseudonyms) sum(domain, text string) []byte {
	p.mac.Reset()
	_, _ = io.WriteString(p.mac, domain+"\x00"+text) // never fails
	return p.mac.Sum(nil)
}

// word is a short text.
func (p *pseudonyms) word(prefix, text string) string {
	return prefix + strings.ToLower(base32.StdEncoding.EncodeToString(p.sum("text", text)[:10]))
}

// digits is a number of so many digits.
func (p *pseudonyms) digits(domain, text string, count int) string {
	number := binary.BigEndian.Uint64(p.sum(domain, text))
	modulus := uint64(1)
	for range count {
		modulus *= 10
	}
	return fmt.Sprintf("%0*d", count, number%modulus)
}

// of replaces a text by one of its kind: an id by an id, which is the same
// however it was spelt, a telephone number by one, and so on.
func (p *pseudonyms) of(text string) string {
	switch {
	case text == "":
		return ""
	case isGUID(text):
		return p.guid(text)
	case isPhone(text):
		return "+999" + p.digits("phone", text, 11)
	case strings.Contains(text, "://"):
		return p.url(text)
	case strings.HasPrefix(text, "19:"):
		return p.thread(text)
	case strings.Contains(text, "@"):
		return p.word("x-", text) + "@example.com"
	default:
		return p.word("x-", text)
	}
}

// isGUID goes by what the platform takes for one and the same id.
func isGUID(text string) bool {
	key := resources.Key(text)
	return len(key) == 36 && len(strings.ReplaceAll(text, "-", "")) == 32 && strings.Count(key, "-") == 4 &&
		strings.Trim(key, "0123456789abcdef-") == ""
}

// guid keeps the spelling: where the dashes are, and capital letters.
func (p *pseudonyms) guid(text string) string {
	digits := hex.EncodeToString(p.sum("guid", resources.Key(text))[:16])
	if strings.ContainsAny(text, "ABCDEF") {
		digits = strings.ToUpper(digits)
	}
	var out strings.Builder
	for _, c := range []byte(text) {
		if c == '-' {
			out.WriteByte(c)
			continue
		}
		out.WriteByte(digits[0])
		digits = digits[1:]
	}
	return out.String()
}

func isPhone(text string) bool {
	const fewest = 5
	return len(text) >= fewest && strings.Trim(text[:1], "+0123456789") == "" && strings.Trim(text[1:], "0123456789 -()./") == ""
}

// url keeps the scheme. What follows the host is one text.
func (p *pseudonyms) url(text string) string {
	scheme, rest, _ := strings.Cut(text, "://")
	if !isWord([]byte(scheme)) {
		scheme = "https"
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		return scheme + "://" + p.word("h-", rest) + ".example"
	}
	return scheme + "://" + p.word("h-", rest[:end]) + ".example/" + p.word("x-", rest[end:])
}

// thread keeps what kind of chat it is.
func (p *pseudonyms) thread(text string) string {
	at := strings.LastIndexByte(text, '@')
	if at < 0 || !strings.HasPrefix(text[at:], "@thread.") && !strings.HasPrefix(text[at:], "@unq.") || !isWord([]byte(text[at+1:])) {
		return "19:" + p.word("x-", text)
	}
	return "19:" + p.word("x-", text) + text[at:]
}

// isWord reports whether a text is a word of a schema or a vocabulary, such as
// #microsoft.graph.call or transferAccepted, and no name or number.
func isWord(text []byte) bool {
	const longest, manyDigits = 64, 5
	digits := 0
	for _, c := range text {
		switch {
		case '0' <= c && c <= '9':
			digits++
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '.', c == '#', c == '_':
		default:
			return false
		}
	}
	return len(text) <= longest && digits < manyDigits
}

// plain is what a JSON string stands for.
func plain(quoted []byte) string {
	if bytes.IndexByte(quoted, '\\') < 0 && len(quoted) >= 2 {
		return string(quoted[1 : len(quoted)-1])
	}
	var text string
	_ = json.Unmarshal(quoted, &text) // a string that is none is none
	return text
}

// quote is the JSON string of a text.
func quote(text string) []byte {
	quoted, _ := json.Marshal(text) // a string always has one
	return quoted
}
