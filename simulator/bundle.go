package simulator

import "encoding/json"

// bundled puts letters that follow each other to the same address together,
// most to a body.
func bundled(letters []*letter, most int) []*letter {
	var out []*letter
	for _, l := range letters {
		last := len(out) - 1
		if last >= 0 && len(out[last].parts) < most && out[last].goesWith(l) {
			out[last].parts = append(out[last].parts, l)
			continue
		}
		bundle := *l
		bundle.parts = []*letter{l}
		out = append(out, &bundle)
	}
	return out
}

// goesWith says whether two letters can share a body. One that the platform
// waits for an answer to cannot.
func (l *letter) goesWith(other *letter) bool {
	for _, one := range []*letter{l, other} {
		if _, ok := one.items(); !ok || one.legacy != nil || one.then != nil {
			return false
		}
	}
	return l.url == other.url && l.scenario == other.scenario
}

type envelopeText struct {
	Type  string            `json:"@odata.type"`
	Value []json.RawMessage `json:"value"`
}

func (l *letter) items() ([]json.RawMessage, bool) {
	var envelope envelopeText
	err := json.Unmarshal(l.body, &envelope)
	return envelope.Value, err == nil && len(envelope.Value) > 0
}

// with is the letter with just these of its parts.
func (l *letter) with(parts []*letter) *letter {
	if len(l.parts) < 2 && len(parts) == 1 {
		single := *l
		single.body, single.legacy = parts[0].body, parts[0].legacy
		return &single
	}
	whole := envelopeText{Type: "#microsoft.graph.commsNotifications"}
	for _, part := range parts {
		items, _ := part.items()
		whole.Value = append(whole.Value, items...)
	}
	body, err := json.Marshal(whole)
	if err != nil {
		return l
	}
	bundle := *l
	bundle.body, bundle.notice, bundle.parts = body, parts[0].notice, parts
	return &bundle
}
