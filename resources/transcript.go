package resources

import "time"

// RealTimeTranscript is a piece of a conversation as text (beta).
type RealTimeTranscript struct {
	Wire
	ID       string              `json:"id"`
	Payloads []TranscriptPayload `json:"payloads"`
}

func (*RealTimeTranscript) graphType() string { return graphPrefix + "realTimeTranscript" }

// TranscriptPayload is what one speaker said (beta).
type TranscriptPayload struct {
	Wire
	AudioCaptureDateTime time.Time `json:"audioCaptureDateTime"`
	Speaker              Raw       `json:"speaker"`
	SpokenLanguage       string    `json:"spokenLanguage"`
	Text                 string    `json:"text"`
}

func (*TranscriptPayload) graphType() string { return graphPrefix + "transcriptPayload" }
