package resources

// ToneInfo is one key pressed by a participant. Tones come as updates of the
// call, and SequenceID, not arrival, is their order.
type ToneInfo struct {
	Wire
	SequenceID int64 `json:"sequenceId"`
	Tone       Tone  `json:"tone"`
}

func (*ToneInfo) graphType() string { return graphPrefix + "toneInfo" }

// Tone is a key of a telephone.
type Tone string

// The keys of a telephone.
const (
	Tone0     Tone = "tone0"
	Tone1     Tone = "tone1"
	Tone2     Tone = "tone2"
	Tone3     Tone = "tone3"
	Tone4     Tone = "tone4"
	Tone5     Tone = "tone5"
	Tone6     Tone = "tone6"
	Tone7     Tone = "tone7"
	Tone8     Tone = "tone8"
	Tone9     Tone = "tone9"
	ToneStar  Tone = "star"
	TonePound Tone = "pound"
	ToneA     Tone = "a"
	ToneB     Tone = "b"
	ToneC     Tone = "c"
	ToneD     Tone = "d"
	ToneFlash Tone = "flash"
)

func (Tone) words() []string {
	return []string{
		string(Tone0), string(Tone1), string(Tone2), string(Tone3), string(Tone4), string(Tone5),
		string(Tone6), string(Tone7), string(Tone8), string(Tone9), string(ToneStar), string(TonePound),
		string(ToneA), string(ToneB), string(ToneC), string(ToneD), string(ToneFlash),
	}
}
