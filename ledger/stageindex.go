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
	if len(p.latest) == 0 {
		return 0, false
	}
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
	subs     keyTable              // by account and sub the place in subs, from 1; only from many on
	latest   map[string]*stagedSub // by account the sub that was staged last; only from many on
	keys     keyTable              // the place in commands, from 1; only from many on
	entries  []int                 // where the entries stand in changes, in the order of their numbers
	reversed map[uint64]uint64     // reversed entry to its reversal
	records  places[recordID]      // in changes
	accounts places[string]
	holds    places[string]
}

func (x *stageIndex) clear() {
	x.subs.clear()
	x.keys.clear()
	x.entries, x.latest, x.reversed = x.entries[:0], nil, nil
	x.records, x.accounts, x.holds = places[recordID]{}, places[string]{}, places[string]{}
}

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
	switch keys := &s.index.keys; {
	case at >= many:
		keys.putKey(s.commands[at].Key, uint64(at)+1)
	case at+1 == many:
		keys.reserve(s.expect)
		for i := range s.commands[:many] {
			keys.putKey(s.commands[i].Key, uint64(i)+1)
		}
	}
}

// commandAt returns the place of a staged command, -1 if it is not staged.
func (s *stage) commandAt(key string) int {
	if len(s.commands) < many {
		return slices.IndexFunc(s.commands, func(c Command) bool { return c.Key == key })
	}
	keys := &s.index.keys
	return int(keys.find(keys.key(key), func(place uint64) bool {
		return place <= uint64(len(s.commands)) && s.commands[place-1].Key == key
	})) - 1
}

// indexSub must follow every sub that is staged.
func (s *stage) indexSub() {
	switch n := len(s.subs); {
	case n > many:
		s.index.addSub(s.subs[n-1], n)
	case n == many:
		s.index.latest = make(map[string]*stagedSub)
		for i, each := range s.subs {
			s.index.addSub(each, i+1)
		}
	}
}

func (x *stageIndex) addSub(staged *stagedSub, place int) {
	staged.older = x.latest[staged.sub.Account]
	x.latest[staged.sub.Account] = staged
	x.subs.putPlace(staged.sub.Account, staged.sub.Sub, uint64(place))
}

// forgetSub takes the sub that was staged last out of the index.
func (x *stageIndex) forgetSub(staged *stagedSub) {
	if x.latest[staged.sub.Account] == staged {
		x.latest[staged.sub.Account] = staged.older
	}
}

// find returns a staged sub, nil if it is not staged.
func (s *stage) find(account, sub string) *stagedSub {
	if len(s.subs) < many {
		for _, staged := range s.subs {
			if staged.is(account, sub) {
				return staged
			}
		}
		return nil
	}
	subs := &s.index.subs
	place := subs.find(subs.place(account, sub), func(place uint64) bool {
		return place <= uint64(len(s.subs)) && s.subs[place-1].is(account, sub)
	})
	if place == 0 {
		return nil
	}
	return s.subs[place-1]
}

func (t *stagedSub) is(account, sub string) bool { return t.sub.Sub == sub && t.sub.Account == account }

// subsOf calls each with the staged subs of an account.
func (s *stage) subsOf(account string, each func(*stagedSub)) {
	if len(s.subs) >= many {
		for staged := s.index.latest[account]; staged != nil; staged = staged.older {
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
