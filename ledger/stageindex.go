package ledger

import "slices"

// What is staged is found without reading all of it: an Update of thousands of
// commands asks for its own writes again and again. What a closure has staged
// is taken out again from the end, so that a step that fails costs no more
// than it has written.

// many is where looking up by a map becomes cheaper than by a scan.
const many = 8

// places says where the latest state of a key stands in a list of states.
type places[K comparable] struct {
	latest map[K]int
	before []int // of each state that was put, where its predecessor stands; -1 for none
}

func (p *places[K]) find(key K) (at int, found bool) {
	at, found = p.latest[key]
	return at, found
}

func (p *places[K]) put(key K, at int) {
	before, found := p.latest[key]
	if !found {
		before = -1
	}
	if p.latest == nil {
		p.latest = make(map[K]int)
	}
	p.before = append(p.before, before)
	p.latest[key] = at
}

// drop takes the state that was put last out again; it is key's.
func (p *places[K]) drop(key K) {
	last := len(p.before) - 1
	if before := p.before[last]; before >= 0 {
		p.latest[key] = before
	} else {
		delete(p.latest, key)
	}
	p.before = p.before[:last]
}

// stageIndex is what a stage finds its rows by.
type stageIndex struct {
	subs     map[string]map[string]*stagedSub // by account and sub; only from many on
	keys     map[string]int                   // where a key stands in commands; only from many on
	entries  []int                            // where the entries stand in changes, in the order of their numbers
	reversed map[uint64]uint64                // reversed entry to its reversal
	records  places[recordID]                 // in changes
	accounts places[string]
	holds    places[string]
}

func (x *stageIndex) clear() { *x = stageIndex{entries: x.entries[:0]} }

// indexChange must follow every change that is staged.
func (s *stage) indexChange(at int) {
	switch ch := &s.changes[at]; {
	case ch.Posted != nil:
		s.index.entries = append(s.index.entries, at)
		if original := ch.Posted.Reverses; original != 0 {
			if s.index.reversed == nil {
				s.index.reversed = make(map[uint64]uint64)
			}
			s.index.reversed[original] = ch.Posted.Number
		}
	case ch.Record != nil:
		s.index.records.put(recordID{ch.Record.Kind, ch.Record.ID}, at)
	}
}

// forgetChange takes the last change out of the index.
func (s *stage) forgetChange(ch *Change) {
	switch {
	case ch.Posted != nil:
		s.index.entries = s.index.entries[:len(s.index.entries)-1]
		delete(s.index.reversed, ch.Posted.Reverses)
	case ch.Record != nil:
		s.index.records.drop(recordID{ch.Record.Kind, ch.Record.ID})
	}
}

// indexKey must follow every command that is staged.
func (s *stage) indexKey(at int) {
	switch {
	case s.index.keys != nil:
		s.index.keys[s.commands[at].Key] = at
	case at+1 >= many:
		s.index.keys = make(map[string]int, max(4*many, s.expect))
		for i := range s.commands[:at+1] {
			s.index.keys[s.commands[i].Key] = i
		}
	}
}

// commandAt returns the place of a staged command, -1 if it is not staged.
func (s *stage) commandAt(key string) int {
	if s.index.keys == nil {
		return slices.IndexFunc(s.commands, func(c Command) bool { return c.Key == key })
	}
	if at, staged := s.index.keys[key]; staged {
		return at
	}
	return -1
}

// indexSub must follow every sub that is staged.
func (s *stage) indexSub(staged *stagedSub) {
	switch {
	case s.index.subs != nil:
		s.index.addSub(staged)
	case len(s.subs) >= many:
		s.index.subs = make(map[string]map[string]*stagedSub)
		for _, each := range s.subs {
			s.index.addSub(each)
		}
	}
}

func (x *stageIndex) addSub(staged *stagedSub) {
	of := x.subs[staged.sub.Account]
	if of == nil {
		of = make(map[string]*stagedSub)
		x.subs[staged.sub.Account] = of
	}
	of[staged.sub.Sub] = staged
}

// find returns a staged sub, nil if it is not staged.
func (s *stage) find(account, sub string) *stagedSub {
	if s.index.subs != nil {
		return s.index.subs[account][sub]
	}
	for _, staged := range s.subs {
		if staged.sub.Sub == sub && staged.sub.Account == account {
			return staged
		}
	}
	return nil
}

// subsOf calls each with the staged subs of an account.
func (s *stage) subsOf(account string, each func(*stagedSub)) {
	if s.index.subs != nil {
		for _, staged := range s.index.subs[account] {
			each(staged)
		}
		return
	}
	for _, staged := range s.subs {
		if staged.sub.Account == account {
			each(staged)
		}
	}
}

// entry returns a staged entry by its number, nil if it is not staged.
func (s *stage) entry(number uint64) *Posted {
	before := s.head.Entries - uint64(len(s.index.entries)) // the store's
	if number <= before || number > s.head.Entries {
		return nil
	}
	return s.changes[s.index.entries[number-before-1]].Posted
}
