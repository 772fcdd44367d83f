package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// moment is one thing that happened.
type moment struct {
	at   time.Time
	text string
}

// writeTraces writes for each call that something is wrong with what went to and
// fro, and what the bot was told, in the order of time.
func (o *outcome) writeTraces(sc *scene, folder string) error {
	var wrong strings.Builder
	for _, list := range o.lists() {
		wrong.WriteString(strings.Join(list.of, "\n"))
	}
	lines := map[string][]line{}
	for _, l := range sc.witness.lines() {
		lines[l.Call] = append(lines[l.Call], l)
	}
	for _, call := range sc.platform.Calls() {
		if !strings.Contains(wrong.String(), call.ID()) {
			continue
		}
		var moments []moment
		for _, e := range call.Exchanges() {
			arrow := "bot -> platform"
			if e.ToBot {
				arrow = "platform -> bot"
			}
			moments = append(moments, moment{e.At, fmt.Sprintln(arrow, e.Method, e.URL, e.Status, e.Err, "took", e.Took) + string(e.RequestBody)})
		}
		for _, l := range lines[call.ID()] {
			moments = append(moments, moment{l.At, fmt.Sprintf("told %+v", l)})
		}
		for _, k := range o.kills {
			moments = append(moments, moment{k.at, "killed or frozen: " + k.process})
		}
		if err := writeMoments(filepath.Join(folder, o.act+"-"+call.ID()+".txt"), moments); err != nil {
			return err
		}
	}
	return nil
}

func writeMoments(path string, moments []moment) error {
	slices.SortStableFunc(moments, func(a, b moment) int { return a.at.Compare(b.at) })
	file, err := os.Create(path) //nolint:gosec // the folder is the user's choice
	if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	for _, m := range moments {
		_, _ = io.WriteString(out, m.at.Format(clock)+" "+m.text+"\n") // Flush tells
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return file.Close()
}
