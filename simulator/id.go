package simulator

import (
	"crypto/rand"
	"fmt"
)

// newID makes an id as the platform does: a lower-case dashed GUID.
func newID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // crypto/rand never fails
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// newDigits makes a number of that many digits, as join ids have.
func newDigits(count int) string {
	digits := make([]byte, count)
	_, _ = rand.Read(digits) // crypto/rand never fails
	for i := range digits {
		digits[i] = '0' + digits[i]%10
	}
	return string(digits)
}
