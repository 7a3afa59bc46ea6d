package ledger

import "iter"

// Command implements [Reader].
func (v *memoryView) Command(key string) (Command, bool, error) {
	b := v.book
	v.lock()
	defer v.unlock()
	first := b.commands.find(b.commands.key(key), func(first uint64) bool { return b.asked(first).Key == key })
	if first == 0 || first > v.as() {
		return Command{}, false, nil
	}
	c := b.asked(first)
	c.First, c.Last = first, max(first, b.lasts[first])
	return c, true, nil
}

// Changes implements [Reader].
func (v *memoryView) Changes(from uint64) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		var room copies
		for number := max(from, 1); ; number++ {
			v.lock()
			if number > v.as() {
				v.unlock()
				return
			}
			ch := v.book.change(number, &room)
			v.unlock()
			if number%patience == 0 && v.ctx.Err() != nil {
				yield(Change{}, v.ctx.Err())
				return
			}
			if !yield(ch, nil) {
				return
			}
		}
	}
}

// Entry implements [Reader].
func (v *memoryView) Entry(number uint64) (Posted, bool, error) {
	b := v.book
	v.lock()
	defer v.unlock()
	if number == 0 || number > b.entries.n {
		return Posted{}, false, nil
	}
	k := b.entries.at(number - 1)
	if k.change > v.as() {
		return Posted{}, false, nil
	}
	posted := Posted{Entry: Entry{Lines: make([]Line, len(k.lines))}}
	b.posted(number, &posted)
	if by := b.reversals[number]; by != 0 && b.entries.at(by-1).change <= v.as() {
		posted.ReversedBy = by
	}
	return posted, true, nil
}

// Record implements [Reader].
func (v *memoryView) Record(kind, id string, version int) (Record, bool, error) {
	v.lock()
	defer v.unlock()
	versions := v.book.records[recordID{kind, id}]
	if version == 0 {
		version = len(versions)
		for version > 0 && versions[version-1].Change > v.as() {
			version--
		}
	}
	if version < 1 || version > len(versions) || versions[version-1].Change > v.as() {
		return Record{}, false, nil
	}
	return *versions[version-1], true, nil
}

// Records implements [Reader].
func (v *memoryView) Records(kind, after string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for i, id := range v.book.inOrder(func() *sortedKeys { return v.book.kinds[kind] }, after) {
			r, found, err := v.Record(kind, id, 0)
			if i%patience == patience-1 && err == nil {
				err = v.ctx.Err()
			}
			if (found || err != nil) && !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// Hold implements [Reader].
func (v *memoryView) Hold(key string) (Held, bool, error) {
	v.lock()
	defer v.unlock()
	if held := as(v.book.holds[key], v.as()); held != nil {
		return *held, true, nil
	}
	return Held{}, false, nil
}

// Assertions implements [Reader].
func (v *memoryView) Assertions() iter.Seq2[Assertion, error] {
	return func(yield func(Assertion, error) bool) {
		v.lock()
		all := v.book.assertions
		now := v.as()
		v.unlock()
		for _, a := range all {
			if a.change <= now && !yield(a.state, nil) {
				return
			}
		}
	}
}
