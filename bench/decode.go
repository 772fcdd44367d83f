package main

import "github.com/graphcalls/graphcalls-go/resources"

// decodeFigures compare the reading of the same text into typed values: ours
// with all that the text says, unknown properties and spelt-out nulls included;
// msgraph-sdk-go's likewise, as its models; encoding/json's with what the fields
// of plain structs say.
func decodeFigures() []Figure {
	call, hundred := callUpdate(callID, "established", "active"), roster(callID, people(100))
	return []Figure{
		{"decode_call", "a call update: msgraph-sdk-go's time / ours", Bound{AtLeast: 15}, against(decoding(decodeByGraph), call)},
		{"decode_roster100", "a roster of 100: msgraph-sdk-go's time / ours", Bound{AtLeast: 20}, against(decoding(decodeByGraph), hundred)},
		{"decode_call_vs_json", "a call update: encoding/json's time / ours", Bound{}, against(decoding(decodeByJSON[plainCall]), call)},
		{"decode_roster100_vs_json", "a roster of 100: encoding/json's time / ours", Bound{}, against(decoding(decodeByJSON[[]plainParticipant]), hundred)},
	}
}

func against(peer func(body []byte) Work, body []byte) func(*Bench) (Result, error) {
	return func(b *Bench) (Result, error) {
		c, err := b.Compare(decoding(resources.DecodeNotifications)(body), peer(body))
		if err != nil {
			return Result{}, err
		}
		return c.Result(), nil
	}
}

// decoding reads a body over and over.
func decoding[T any](decode func([]byte) (T, error)) func(body []byte) Work {
	return func(body []byte) Work {
		return decodingAll(decode, func() []byte { return body })
	}
}

// decodingAll reads one body after the other.
func decodingAll[T any](decode func([]byte) (T, error), bodies func() []byte) Work {
	return func(n int) error {
		for range n {
			if _, err := decode(bodies()); err != nil {
				return err
			}
		}
		return nil
	}
}
