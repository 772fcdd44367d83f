package simulator

import (
	"encoding/binary"
	"math"
	"net/http"
	"strings"
	"time"
)

const sampleRate = 16000 // the one the service records with

// recording is a sound file a bot can fetch with a token of its own. The sound
// is made when it is fetched: two minutes take megabytes.
type recording struct {
	location string
	token    string
	length   time.Duration // so far; guarded by the platform's mutex
}

// keepRecording files a new recording, and forgets the oldest; callers hold
// p.mu.
func (p *Platform) keepRecording() *recording {
	id := newID()
	file := &recording{location: p.address + "/recordings/" + id, token: newKeyID()}
	p.world.recordings[id] = file
	p.world.recorded = append(p.world.recorded, id)
	if len(p.world.recorded) > p.options.Remember {
		delete(p.world.recordings, p.world.recorded[0])
		p.world.recorded = append([]string(nil), p.world.recorded[1:]...)
	}
	return file
}

// download serves a recording.
func (p *Platform) download(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	file := p.world.recordings[r.PathValue("id")]
	var length time.Duration
	if file != nil {
		length = file.length
	}
	p.mu.Unlock()
	switch token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); {
	case file == nil:
		http.Error(w, "Recording not found.", http.StatusNotFound)
	case token != file.token:
		w.Header().Set("WWW-Authenticate", "Bearer")
		http.Error(w, "The recording's own token is needed.", http.StatusUnauthorized)
	default:
		w.Header().Set("Content-Type", "application/octet-stream")
		_, _ = w.Write(wave(length))
	}
}

// wave is a tone: one channel, 16 bit, 16 kHz.
func wave(length time.Duration) []byte {
	const width = 2
	samples := int(length * sampleRate / time.Second)
	sound := make([]byte, 0, 44+samples*width)
	little := binary.LittleEndian
	sound = append(sound, "RIFF"...)
	sound = little.AppendUint32(sound, uint32(36+samples*width))
	sound = append(sound, "WAVEfmt "...)
	sound = little.AppendUint32(sound, 16)
	sound = little.AppendUint16(sound, 1) // PCM
	sound = little.AppendUint16(sound, 1) // channels
	sound = little.AppendUint32(sound, sampleRate)
	sound = little.AppendUint32(sound, sampleRate*width)
	sound = little.AppendUint16(sound, width)
	sound = little.AppendUint16(sound, 8*width)
	sound = append(sound, "data"...)
	sound = little.AppendUint32(sound, uint32(samples*width))
	for i := range samples {
		sample := int16(8000 * math.Sin(2*math.Pi*440*float64(i)/sampleRate))
		sound = little.AppendUint16(sound, uint16(sample))
	}
	return sound
}
