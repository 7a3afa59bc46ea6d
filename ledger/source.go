package ledger

import (
	"cmp"
	"fmt"
	"slices"
)

// Source names the contract's event that an entry comes from. The book takes
// it only from the command that also saves that version of the contract's
// record, in either order: so nobody posts in a contract's name without moving
// the contract, and an entry with a source is reversed by the contract's own
// package, never by the book alone. Refusals match [ErrSource].
//
// What a library cannot stop is its own host saving a version of a record that
// the contract's package never decided. Each package's Checks compute every
// version again from its event and find that.
type Source struct {
	Kind    string // the record's kind, such as "murabahah"
	ID      string // the record's id
	Version int    // the version of the record that this event made
	Event   string // the event's name, such as "pay"
}

// IsZero reports whether there is no source.
func (s Source) IsZero() bool { return s == Source{} }

// String returns kind/id#version event.
func (s Source) String() string {
	if s.IsZero() {
		return ""
	}
	return fmt.Sprintf("%s/%s#%d %s", s.Kind, s.ID, s.Version, s.Event)
}

// claim is a version of a record with the key of the command that saves it, or
// that posts an entry in its name.
type claim struct {
	key    string
	source Source
}

// claims returns what a change saves or names; neither is made by most.
func (ch *Change) claims() (saved, named claim) {
	switch {
	case ch.Record != nil:
		r := ch.Record
		saved = claim{ch.Key, Source{r.Kind, r.ID, r.Version, r.Event}}
	case ch.Posted != nil && !ch.Posted.Source.IsZero():
		named = claim{ch.Key, ch.Posted.Source}
	}
	return saved, named
}

// examineSource refuses an entry that names a contract's event under a key of
// its own: such a command writes nothing else, so it cannot save the version
// that the entry names. Inside a command that [Tx.Repeat] began the version may
// come after the entry: see [Tx.unclaimed].
func (tx *Tx) examineSource(p *posting) (stop bool) {
	if p.Source.IsZero() || tx.current.Key != "" && p.Key == tx.current.Key {
		return false
	}
	return p.refuse(tx, ErrSource, sourceNotSaved(p.Source))
}

// unclaimed refuses, when its closure has returned, the first entry that names
// a version of a record which its command has not saved.
func (tx *Tx) unclaimed() error {
	s := tx.stage
	if s.sourced == 0 {
		return nil
	}
	own := s.changes[s.mark.changes:]
	all := make(map[claim]bool, s.sourced)
	for i := range own {
		if saved, _ := own[i].claims(); saved.key != "" {
			all[saved] = true
		}
	}
	for i := range own {
		if _, named := own[i].claims(); named.key != "" && !all[named] {
			r := sourceNotSaved(named.source)
			r.Key = named.key
			return tx.refuse(ErrSource, r)
		}
	}
	return nil
}

func sourceNotSaved(s Source) Refusal {
	return Refusal{Code: CodeSourceNotSaved, Detail: fmt.Sprintf(
		"the entry comes from %s: only the command that saves this version of the record posts it", plain(s.String()))}
}

// sourceCheck finds entries that name a version of a record which their
// command has not saved: nothing in the contract stands behind them.
type sourceCheck struct {
	open map[claim][]Finding // entries whose version has not been met since
}

func (c *sourceCheck) see(ch *Change) {
	saved, named := ch.claims()
	switch {
	case saved.key != "":
		delete(c.open, saved)
	case named.key != "":
		c.open[named] = append(c.open[named], Finding{Change: ch.Number, Entry: ch.Entry, Text: fmt.Sprintf(
			"comes from %s, which its command %q has not saved", plain(named.source.String()), clip(ch.Key))})
	}
}

// report gives out what is still open, by change. A command that saved the
// version before it posted has left its entry here, so the command is read.
func (c *sourceCheck) report(tx *Tx, report func(Finding)) error {
	var found []Finding
	for named, entries := range c.open {
		before, err := tx.savedBy(named)
		if err != nil {
			return err
		}
		if !before {
			found = append(found, entries...)
		}
	}
	slices.SortFunc(found, func(a, b Finding) int { return cmp.Compare(a.Change, b.Change) })
	for _, f := range found {
		report(f)
	}
	return nil
}

// savedBy reports whether the command of a claim has saved what it claims.
func (tx *Tx) savedBy(named claim) (bool, error) {
	command, _, err := tx.Command(named.key)
	if err != nil {
		return false, err
	}
	for ch, err := range tx.changes(command.First) {
		if err != nil || ch.Number > command.Last {
			return false, err
		}
		if saved, _ := ch.claims(); saved == named {
			return true, nil
		}
	}
	return false, nil
}
