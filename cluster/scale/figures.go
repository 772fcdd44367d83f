package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// figures are what was measured.
type figures struct {
	// notifications is how many notifications an instance takes in, tells and has
	// saved in a second, NATS being on the same machine.
	notifications float64
	// takenOver is how many calls' records are written anew and restored in a second,
	// by one instance.
	takenOver float64
	// writes is how many messages of 1 kB a stream takes in a second.
	writes float64
	// callBytes is the memory of a call without people in an instance, and
	// personBytes what each of them adds.
	callBytes, personBytes float64
	// recordBytes and recordPersonBytes are the same of its record in NATS.
	recordBytes, recordPersonBytes float64
}

// standard is what -measure printed on two cores at 2 GHz, with NATS 2.15 on the same
// and its files on an SSD.
func standard() figures {
	return figures{
		notifications: 4500, takenOver: 8500, writes: 70_000,
		callBytes: 3800, personBytes: 400, recordBytes: 1500, recordPersonBytes: 900,
	}
}

func (f figures) write(out io.Writer) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range []struct {
		value float64
		unit  string
	}{
		{f.notifications, "notifications a second, taken in, told and saved by one instance"},
		{f.takenOver, "calls a second, taken over by one instance"},
		{f.writes, "messages of 1 kB a second, into one stream"},
		{f.callBytes, "bytes of memory, for a call of two"},
		{f.personBytes, "bytes of memory, for each person in a roster"},
		{f.recordBytes, "bytes of a record, for a call of two"},
		{f.recordPersonBytes, "bytes of a record, for each person in a roster"},
	} {
		_, _ = fmt.Fprintf(table, "%.0f\t %s\n", row.value, row.unit)
	}
	_ = table.Flush()
	_, _ = fmt.Fprintln(out)
}
