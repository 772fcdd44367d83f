package observe

import (
	"strings"
	"sync"
)

// mostWords bounds how many values an attribute of a metric has. The platform and
// the client use a dozen each.
const mostWords = 64

// longestWord is how many bytes a value may have. The longest route has 70 or so.
const longestWord = 128

// otherWord stands for all past that.
const otherWord = "other"

// words are the values that one attribute of metrics has had. They keep whatever
// the platform may send from making ever more time series.
type words struct {
	mu    sync.RWMutex
	known map[string]string
}

// of returns the word itself, in a copy of its own, or what stands for it.
func (w *words) of(word string) string {
	w.mu.RLock()
	known, met := w.known[word]
	w.mu.RUnlock()
	if met {
		return known
	}
	return w.learn(word)
}

func (w *words) learn(word string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.known == nil {
		w.known = map[string]string{"": "unknown"}
	}
	known, met := w.known[word]
	switch {
	case met:
		return known
	case len(w.known) >= mostWords, len(word) > longestWord:
		return otherWord
	}
	known = strings.Clone(word)
	w.known[known] = known
	return known
}
