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

// writeTraces writes for each call that something is wrong with what went to and
// fro, and what the bot was told, in the order of time.
func (o *outcome) writeTraces(scene *scene, folder string) error {
	t := newTruth(scene)
	wrong := strings.Join(slices.Concat(o.wrongStates, o.wrongRosters, o.pending, o.lost, o.doubled, o.replayed), "\n")
	for _, call := range scene.platform.Calls() {
		if !strings.Contains(wrong, call.ID()) {
			continue
		}
		if err := t.write(call.ID(), filepath.Join(folder, fmt.Sprint(o.seed, "-", call.ID(), ".txt"))); err != nil {
			return err
		}
	}
	return nil
}

type moment struct {
	at   time.Time
	text string
}

func (t *truth) write(callID, path string) error {
	var moments []moment
	for _, p := range t.lives {
		moments = append(moments, moment{p.began, fmt.Sprint("process ", p.generation, " began")})
		if !p.ended.IsZero() {
			moments = append(moments, moment{p.ended, fmt.Sprint("process ", p.generation, " ended")})
		}
	}
	for _, e := range t.exchanges[callID] {
		arrow := "bot -> platform"
		if e.ToBot {
			arrow = "platform -> bot"
		}
		moments = append(moments, moment{e.At.Add(e.Took), fmt.Sprintln(arrow, e.Method, e.URL, e.Status, e.Err) + string(e.RequestBody) + "\n" + string(e.ResponseBody)})
	}
	for _, l := range t.lines[callID] {
		moments = append(moments, moment{l.at, fmt.Sprintf("told %d: %+v", l.generation, l.line)})
	}
	slices.SortStableFunc(moments, func(a, b moment) int { return a.at.Compare(b.at) })
	file, err := os.Create(path) //nolint:gosec // the folder is the user's choice
	if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	for _, m := range moments {
		_, _ = io.WriteString(out, m.at.Format("15:04:05.000 ")+m.text+"\n")
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return file.Close()
}
