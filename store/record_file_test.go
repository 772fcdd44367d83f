package store

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever is in a file, it is the one way to write a record, or damaged.
func FuzzRecordFile(f *testing.F) {
	f.Add([]byte(nil))
	f.Add([]byte(magic))
	f.Add(encode(Record{}))
	f.Add(encode(Record{CallID: "call", Revision: 7, Data: []byte("data")}))
	f.Add(encode(Record{CallID: strings.Repeat("x", MaxCallID+1), Revision: 7}))
	f.Add(bytes.Repeat([]byte{0xff}, 64))
	f.Fuzz(func(t *testing.T, file []byte) {
		for _, file := range [][]byte{file, sealed(file)} {
			before := bytes.Clone(file)
			r, err := decode(file)
			require.Equal(t, before, file)
			if err != nil {
				require.ErrorIs(t, err, ErrDamaged)
				require.Zero(t, r)
				continue
			}
			require.LessOrEqual(t, len(r.CallID), MaxCallID)
			require.Equal(t, file, encode(r))
		}
	})
}

// sealed makes the checksum right, so that the fuzzer gets past it.
func sealed(file []byte) []byte {
	if len(file) < headSize+sumSize {
		return file
	}
	sealed := append([]byte(magic), file[len(magic):len(file)-sumSize]...)
	sum := checksum(sealed)
	return append(sealed, byte(sum>>24), byte(sum>>16), byte(sum>>8), byte(sum))
}

// What is written is read, and any change of it is found.
func FuzzRecord(f *testing.F) {
	f.Add("call", uint64(1), []byte("data"), uint(3), byte(1))
	f.Add("\x00", ^uint64(0), []byte(nil), uint(0), byte(255))
	f.Fuzz(func(t *testing.T, callID string, revision uint64, data []byte, at uint, flip byte) {
		callID = callID[:min(len(callID), MaxCallID)]
		file := encode(Record{CallID: callID, Revision: revision, Data: data})
		r, err := decode(file)
		require.NoError(t, err)
		require.Equal(t, callID, r.CallID)
		require.Equal(t, revision, r.Revision)
		require.Equal(t, string(data), string(r.Data))
		_, err = decode(file[:at%uint(len(file))])
		require.ErrorIs(t, err, ErrDamaged)
		if flip != 0 {
			file[at%uint(len(file))] ^= flip
			_, err = decode(file)
			require.ErrorIs(t, err, ErrDamaged)
		}
	})
}
