package store_test

import (
	"testing"

	"github.com/graphcalls/graphcalls-go/store"
	"github.com/graphcalls/graphcalls-go/store/storetest"
)

func TestMemory(t *testing.T) {
	storetest.Run(t, storetest.Backend{
		Open:   func(*testing.T) store.Store { return store.NewMemory() },
		Beside: func(_ *testing.T, first store.Store) store.Store { return first },
	})
}
