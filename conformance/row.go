package main

import (
	"slices"
	"strings"
)

// outcome is how an example fared.
type outcome string

const (
	ok      outcome = "ok"
	notOK   outcome = "not ok"
	notJSON outcome = "not JSON as printed"
	listed  outcome = "listed only" // there is nothing to play
)

func outcomes() []outcome { return []outcome{ok, notOK, notJSON, listed} }

// findings are what was found wrong when a message was played: with what came
// of it, and with how the answer compares with the documented one.
type findings struct{ came, answer []string }

// row is one line of the report.
type row struct {
	page    *page
	example *example
	outcome outcome
	note    string
}

// judge says how a request or notification fared. What is not JSON is played
// too once it is mended, but never passes.
func (r *row) judge(f *findings, mended bool, answer *example) {
	wrong := f.came
	if answer != nil && answer.sound() {
		wrong = slices.Concat(f.came, f.answer)
	}
	r.set(wrong, mended, "")
}

// judgeAnswer says how the documented answer to a message fared, which shares
// in what happened to the message. Several messages may have the same answer.
func (r *row) judgeAnswer(to *example, f *findings, mended bool) {
	if r.outcome == notOK || strings.Contains(r.note, ": not ok") {
		return
	}
	wrong := slices.Concat(f.came, f.answer)
	note := "with " + to.file
	if !to.sound() {
		note += ", mended"
	}
	r.set(wrong, mended, note)
}

func (r *row) set(wrong []string, mended bool, note string) {
	r.outcome, r.note = ok, note
	if len(wrong) > 0 {
		r.outcome, r.note = notOK, strings.Join(wrong, "; ")
	}
	if r.example.sound() {
		return
	}
	r.note = strings.TrimSpace(string(r.outcome) + " " + r.note)
	r.outcome, r.note = notJSON, "mended: "+r.note
	if !mended {
		r.note = "beyond mending"
	}
}

// settle gives an outcome to what was not played.
func (r *row) settle() {
	switch {
	case r.outcome != "":
	case !r.example.sound():
		r.outcome = notJSON
	default:
		r.outcome = listed
	}
}

// verdict is the last column.
func (r *row) verdict() string {
	if r.note == "" {
		return string(r.outcome)
	}
	return string(r.outcome) + ": " + r.note
}
