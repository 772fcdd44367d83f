package scenario

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAddressesAreComparedWithStars(t *testing.T) {
	const address = "https://bot.contoso.com/hello/menu.wav"
	for pattern, want := range map[string]bool{
		address: true, "*": true, "*menu.wav": true, "https://*": true, "*/hello/*": true, "https://*contoso*.wav": true, "*.*.*": true,
		"menu.wav": false, "*menu": false, "http://*": false, "*/goodbye/*": false, "https://*wav*menu*": false, "": false,
	} {
		require.Equal(t, want, like(pattern, address), pattern)
	}
	require.True(t, like("*/order 4711", "/users/order%204711"))
	require.False(t, like("ab*ba", "aba"))
}
