package resources

const (
	hexDigits  = "0123456789abcdef"
	guidLength = 36
	guidBytes  = 16
)

// guidOf reports false for what is no GUID as [Key] spells it.
func guidOf(text string) (guid [guidBytes]byte, ok bool) {
	if len(text) != guidLength {
		return guid, false
	}
	var wrong byte
	at := 0
	for i := range guid {
		if dashed(i) {
			wrong |= text[at] ^ '-'
			at++
		}
		high, low := text[at], text[at+1]
		at += 2
		// The lowest bits of a letter count from one, and it has a higher bit set.
		h, l := (high+high>>6*9)%16, (low+low>>6*9)%16
		wrong |= hexDigits[h] ^ high | hexDigits[l] ^ low
		guid[i] = h<<4 | l
	}
	return guid, wrong == 0
}

// dashed reports whether a GUID has a dash before that of its bytes.
func dashed(i int) bool { return i == 4 || i == 6 || i == 8 || i == 10 }

func appendGUID(text []byte, guid string) []byte {
	for i := range len(guid) {
		if dashed(i) {
			text = append(text, '-')
		}
		text = append(text, hexDigits[guid[i]>>4], hexDigits[guid[i]%16])
	}
	return text
}

// numberOf is the number that a text spells, if it would be spelt so again.
func numberOf(text string) (uint64, bool) {
	const longest = 18 // digits, which leave room for textBits
	if text == "" || len(text) > longest || text[0] == '0' && len(text) > 1 {
		return 0, false
	}
	var number uint64
	for i := range len(text) {
		digit := text[i] - '0'
		if digit > 9 {
			return 0, false
		}
		number = number*10 + uint64(digit)
	}
	return number, true
}
