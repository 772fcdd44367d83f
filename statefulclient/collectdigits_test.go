package statefulclient_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/graphcalls/graphcalls-go/resources"
	"github.com/graphcalls/graphcalls-go/statefulclient"
)

func TestCollectDigits(t *testing.T) {
	d := newDocumentedRig(t, statefulclient.Limits{})
	call := d.live("c1")
	collected := make(chan string, 1)
	collect := func(options statefulclient.CollectOptions) {
		go func() {
			digits, err := call.CollectDigits(t.Context(), options)
			if err != nil {
				digits += " " + err.Error()
			}
			collected <- digits
		}()
		d.until(func(statefulclient.Stats) bool { return call.Subscribers() == 3 }) // two are the rig's
	}
	press := func(sequence int, tone resources.Tone) {
		d.tell(updated("c1", `{"state":"established","toneInfo":{"sequenceId":`+string(rune('0'+sequence))+`,"tone":"`+string(tone)+`"}}`))
	}
	collect(statefulclient.CollectOptions{Max: 4})
	press(1, resources.Tone4)
	press(2, resources.ToneStar)
	press(3, resources.TonePound)
	require.Equal(t, "4*", <-collected, "pound ends it")

	d.until(func(statefulclient.Stats) bool { return call.Subscribers() == 2 })
	collect(statefulclient.CollectOptions{})
	press(4, resources.TonePound)
	require.Equal(t, "#", <-collected)

	d.until(func(statefulclient.Stats) bool { return call.Subscribers() == 2 })
	collect(statefulclient.CollectOptions{First: time.Millisecond})
	require.Contains(t, <-collected, statefulclient.ErrNoKey.Error())

	d.until(func(statefulclient.Stats) bool { return call.Subscribers() == 2 })
	collect(statefulclient.CollectOptions{Max: 2})
	press(5, resources.Tone9)
	d.tell(terminated("c1"))
	require.Contains(t, <-collected, "has ended")
}
