package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// Each POST passes with its token and is told; without a token none does.
func TestWebhookTakesWhatIsPosted(t *testing.T) {
	ours, err := openWebhook(soon(t), 1)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, ours.close()) })
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(client.CloseIdleConnections)
	const posts = 25
	before := ours.told.count.Load()
	require.NoError(t, newPosting(client, ours.served.address, ours.authority.token).post(soon(t), posts))
	require.NoError(t, ours.heard(soon(t), posts))
	require.Equal(t, before+posts, ours.told.count.Load())
	require.EqualValues(t, posts, ours.client.Webhook().Stats().Accepted-uint64(ours.deliveries.Load()))
	require.NoError(t, ours.rest(soon(t)))

	require.ErrorContains(t, newPosting(client, ours.served.address, "forged").post(soon(t), 1), "401")
}

func TestBareWebhookReadsAndAnswers(t *testing.T) {
	peer, err := serve(http.HandlerFunc(bare))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, peer.close()) })
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(client.CloseIdleConnections)
	require.NoError(t, newPosting(client, peer.address, "any").post(soon(t), 5))
}

func TestWebhookOverhead(t *testing.T) {
	result, err := webhookOverhead(briefly())
	require.NoError(t, err)
	require.Positive(t, result.Value)
}
