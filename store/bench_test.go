package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/graphcalls/graphcalls-go/store"
)

// BenchmarkFilesSave saves calls over and over, each by a goroutine of its own.
func BenchmarkFilesSave(b *testing.B) {
	for _, skipSync := range []bool{false, true} {
		for _, size := range []int{4 << 10, 64 << 10} {
			for _, savers := range []int{1, 8, 64} {
				b.Run(fmt.Sprintf("skipSync=%t/size=%d/savers=%d", skipSync, size, savers), func(b *testing.B) {
					benchmarkSave(b, store.FilesOptions{SkipSync: skipSync}, size, savers)
				})
			}
		}
	}
}

func benchmarkSave(b *testing.B, options store.FilesOptions, size, savers int) {
	s, err := store.OpenFiles(b.TempDir(), options)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	data := make([]byte, size)
	var left atomic.Int64
	left.Store(int64(b.N))
	b.ReportAllocs()
	b.ResetTimer()
	var all sync.WaitGroup
	for saver := range savers {
		all.Go(func() {
			revision := uint64(0)
			for left.Add(-1) >= 0 {
				var err error
				if revision, err = s.Save(b.Context(), fmt.Sprint("call-", saver), revision, data); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "saves/s")
}
