package resources

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDurationsAreReadAndWritten(t *testing.T) {
	for text, want := range map[string]struct {
		value   time.Duration
		written string
	}{
		"PT1.5S":                        {1500 * time.Millisecond, "PT1.5S"},
		"PT20M":                         {20 * time.Minute, "PT20M"},
		"PT1200S":                       {20 * time.Minute, "PT20M"},
		"PT0.03S":                       {30 * time.Millisecond, "PT0.03S"},
		"PT0.000000001S":                {1, "PT0.000000001S"},
		"PT0.0000000019S":               {1, "PT0.000000001S"},
		"P1DT2H3M4.05S":                 {26*time.Hour + 3*time.Minute + 4050*time.Millisecond, "PT26H3M4.05S"},
		"P2D":                           {48 * time.Hour, "PT48H"},
		"PT1H4S":                        {time.Hour + 4*time.Second, "PT1H4S"},
		"PT0S":                          {0, "PT0S"},
		"P0D":                           {0, "PT0S"},
		"-PT0.25S":                      {-250 * time.Millisecond, "-PT0.25S"},
		"PT2562047H47M16.854775807S":    {math.MaxInt64, "PT2562047H47M16.854775807S"},
		"-PT2562047H47M16.854775808S":   {math.MinInt64, "-PT2562047H47M16.854775808S"},
		"PT00000000000000000000000007M": {7 * time.Minute, "PT7M"},
	} {
		value, fits := parseDuration(text)
		require.True(t, fits, text)
		require.Equal(t, want.value, value, text)
		require.Equal(t, want.written, formatDuration(value), text)
	}
}

func TestDurationsMayHaveSpaceAround(t *testing.T) {
	value, fits := parseDuration(" PT1S\n")
	require.True(t, fits)
	require.Equal(t, time.Second, value)
}

func TestOtherTextsAreNoDurations(t *testing.T) {
	for _, text := range []string{
		"", "P", "PT", "-P", "P1DT", "T1S", "1S", "PT1", "PT1.S", "PT.5S", "PT1.5M", "P1.5D", "PT1.2.3S", "PT5S3M",
		"P1Y", "P1M", "P1W", "PT1H1H", "PT-1S", "--PT1S", "+PT1S", "pt1s", "PT1S!", "00:20:00", "PT1,5S", "PT１S",
		"PT2562047H47M16.854775808S", "-PT2562047H47M16.854775809S", "PT9223372036854775808S", "PT18446744074S", "P99999999999999999999D",
	} {
		_, fits := parseDuration(text)
		require.False(t, fits, text)
	}
}

func TestOddDurationsAreKeptRaw(t *testing.T) {
	for _, text := range []string{`"P1Y"`, `1.5`, `{"ticks":5}`, `["PT1S"]`, `true`} {
		quality, err := Decode[TeleconferenceDeviceMediaQuality]([]byte(`{"mediaDuration":` + text + `,"channelIndex":2}`))
		require.NoError(t, err, text)
		require.Zero(t, quality.MediaDuration, text)
		require.EqualValues(t, 2, quality.ChannelIndex, text)
		kept, known := quality.Property("mediaDuration")
		require.True(t, known, text)
		require.JSONEq(t, text, string(kept))
		written, err := Encode(quality)
		require.NoError(t, err)
		require.JSONEq(t, `{"mediaDuration":`+text+`,"channelIndex":2}`, string(written))
	}
}

func TestZeroDurationIsToldFromAbsent(t *testing.T) {
	for _, text := range []string{`{"mediaDuration":"PT0S"}`, `{"mediaDuration":null}`, `{}`} {
		quality, err := Decode[TeleconferenceDeviceMediaQuality]([]byte(text))
		require.NoError(t, err)
		written, err := Encode(quality)
		require.NoError(t, err)
		require.JSONEq(t, text, string(written))
	}
}

func FuzzDuration(f *testing.F) {
	for _, text := range []string{"PT1.5S", "-P1DT2H3M4.05S", "PT2562047H47M16.854775807S", "P1Y", "PT"} {
		f.Add(text, int64(len(text)))
	}
	f.Fuzz(func(t *testing.T, text string, nanoseconds int64) {
		again, fits := parseDuration(formatDuration(time.Duration(nanoseconds)))
		require.True(t, fits)
		require.Equal(t, time.Duration(nanoseconds), again)
		value, fits := parseDuration(text)
		if !fits {
			require.Zero(t, value)
			return
		}
		again, fits = parseDuration(formatDuration(value))
		require.True(t, fits, text)
		require.Equal(t, value, again, text)
	})
}
