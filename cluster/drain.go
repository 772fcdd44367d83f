package cluster

import "context"

// sayDraining has the others take over what this instance owns.
func (f *fleet) sayDraining(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, f.options.Lease)
	defer cancel()
	l, said := f.life.Load(), false
	t, revision, err := f.registry.change(ctx, func(t *table) bool {
		m, is := t.Members[l.name]
		said = is && !m.Draining
		if said {
			m.Draining = true
			t.Members[l.name] = m
		}
		return said
	})
	if err == nil && said {
		f.saw(t, revision)
		f.tellOthers(l)
		f.look()
	}
	return err
}

// drained reports whether this instance owns nothing any more, and is given
// nothing more.
func (f *fleet) drained() bool {
	t, l := f.seen.Load().table, f.life.Load()
	if m, is := t.Members[l.name]; is && !m.Draining {
		return false
	}
	for _, o := range t.Owners {
		if o.Member == l.name {
			return false
		}
	}
	return f.owned() == 0
}

// owned counts the partitions that are not let go of yet.
func (f *fleet) owned() int {
	owned := 0
	for i := range f.tenures {
		if f.tenures[i].Load() != nil {
			owned++
		}
	}
	return owned
}
