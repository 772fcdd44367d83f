package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// A record's file is, with numbers in big endian:
//
//	magic     8 bytes, the last of them the version of this layout
//	revision  8 bytes
//	length of the call id, 4 bytes
//	length of the data,    4 bytes
//	the call id
//	the data
//	CRC-32C of all before it, 4 bytes
//
// There is one way to write a record, and nothing may follow it.
const (
	magic       = "gcstore\x01"
	headSize    = len(magic) + 8 + 4 + 4
	sumSize     = 4
	maxData     = 64 << 20
	maxFileSize = headSize + MaxCallID + maxData + sumSize
)

func checksum(file []byte) uint32 { return crc32.Checksum(file, crc32.MakeTable(crc32.Castagnoli)) }

// encode returns the file of a record whose call id and data are within bounds.
func encode(r Record) []byte {
	file := make([]byte, 0, headSize+len(r.CallID)+len(r.Data)+sumSize)
	file = append(file, magic...)
	file = binary.BigEndian.AppendUint64(file, r.Revision)
	file = binary.BigEndian.AppendUint32(file, uint32(len(r.CallID)))
	file = binary.BigEndian.AppendUint32(file, uint32(len(r.Data)))
	file = append(file, r.CallID...)
	file = append(file, r.Data...)
	return binary.BigEndian.AppendUint32(file, checksum(file))
}

// decode is the inverse of encode; the record's data is a part of file. Its errors wrap ErrDamaged.
func decode(file []byte) (Record, error) {
	if len(file) < headSize+sumSize {
		return Record{}, fmt.Errorf("%w: the file is cut off, it has %d bytes", ErrDamaged, len(file))
	}
	if !bytes.HasPrefix(file, []byte(magic)) {
		return Record{}, fmt.Errorf("%w: the file does not begin as a record of this version does", ErrDamaged)
	}
	body, sum := file[:len(file)-sumSize], binary.BigEndian.Uint32(file[len(file)-sumSize:])
	if checksum(body) != sum {
		return Record{}, fmt.Errorf("%w: the checksum does not match", ErrDamaged)
	}
	head := body[len(magic):]
	revision := binary.BigEndian.Uint64(head)
	idSize, dataSize := binary.BigEndian.Uint32(head[8:]), binary.BigEndian.Uint32(head[12:])
	rest := body[headSize:]
	if uint64(idSize)+uint64(dataSize) != uint64(len(rest)) || idSize > MaxCallID || dataSize > maxData {
		return Record{}, fmt.Errorf("%w: the lengths in it do not add up", ErrDamaged)
	}
	return Record{CallID: string(rest[:idSize]), Revision: revision, Data: rest[idSize:]}, nil
}
