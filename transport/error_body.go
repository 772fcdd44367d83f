package transport

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// errorDetails is what the body of a refusal says, as far as it may be shown.
type errorDetails struct {
	code      string
	subcode   int
	message   string
	requestID string
}

// diagnosticCode matches the pair in which the service puts the real reason: "DiagCode: 500#7117.@", "412#10073".
var diagnosticCode = regexp.MustCompile(`\b\d{1,9}#(\d{1,9})\b`)

// parseErrorBody reads the error object of Graph. A body of another shape, such as a proxy's page, says nothing.
func parseErrorBody(body []byte) errorDetails {
	var envelope struct {
		Error struct {
			Code       json.RawMessage `json:"code"`
			Message    json.RawMessage `json:"message"`
			InnerError json.RawMessage `json:"innerError"`
		} `json:"error"`
	}
	if json.Unmarshal(body, &envelope) != nil {
		return errorDetails{}
	}
	details := errorDetails{
		code:    plainID(scalarText(envelope.Error.Code)),
		message: plainText(scalarText(envelope.Error.Message)),
	}
	if pair := diagnosticCode.FindStringSubmatch(details.message); pair != nil {
		details.subcode, _ = strconv.Atoi(pair[1]) // fits: nine digits at most
	}
	var inner map[string]json.RawMessage
	if json.Unmarshal(envelope.Error.InnerError, &inner) == nil {
		details.requestID = plainID(scalarText(inner["request-id"]))
	}
	return details
}

// scalarText is the text of a JSON string or number, "" for anything else.
func scalarText(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	if _, err := strconv.ParseFloat(string(raw), 64); err == nil {
		return string(raw)
	}
	return ""
}

// dataCenterOf reads the header in which Graph says who handled a request.
func dataCenterOf(diagnostic string) string {
	var header struct {
		ServerInfo struct{ DataCenter string }
	}
	if json.Unmarshal([]byte(diagnostic), &header) != nil {
		return ""
	}
	// Names such as "West Europe" hold a space, which no id may.
	return strings.ReplaceAll(plainID(strings.ReplaceAll(header.ServerInfo.DataCenter, " ", "+")), "+", " ")
}
