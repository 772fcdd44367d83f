package main

import (
	"errors"
	"strconv"
	"sync"
)

// sideBySide has so many share in doing something n times.
func sideBySide(many, n int, do func(one, share int) error) error {
	var all sync.WaitGroup
	trouble := make([]error, many)
	for one := range many {
		share := n / many
		if one < n%many {
			share++
		}
		all.Go(func() { trouble[one] = do(one, share) })
	}
	all.Wait()
	return errors.Join(trouble...)
}

// newsOfMany is what several say side by side of many calls, each of calls of
// their own.
type newsOfMany struct {
	bodies [][2][]byte // of each call, by turns, so that each is news
	said   []int       // by each of them
}

func newNewsOfMany(calls, many int) *newsOfMany {
	news := &newsOfMany{bodies: make([][2][]byte, calls), said: make([]int, many)}
	for call := range news.bodies {
		for turn := range news.bodies[call] {
			news.bodies[call][turn] = saysOfCall(call, strconv.Itoa(turn))
		}
	}
	return news
}

// next is what one of them says next.
func (news *newsOfMany) next(one int) []byte {
	each := len(news.bodies) / len(news.said)
	turn := news.said[one]
	news.said[one]++
	return news.bodies[one*each+turn%each][turn/each%2]
}
