package ledger

// What a flush is known to need is asked for at once, where the store has a
// use for that ([Prefetcher]): the keys and subs of the entries that waiting
// callers want posted, and the subs of an entry that is being checked.

// prefetch tells the store what the posting of entries will ask.
func (s *stage) prefetch(entries ...[]Entry) error {
	var need Need
	for _, list := range entries {
		for i := range list {
			need.Keys = append(need.Keys, list[i].Key)
			need.addLines(&list[i])
		}
	}
	if len(need.Keys) == 0 {
		return nil
	}
	return s.ahead.Prefetch(need)
}

// prefetchLines tells the store which subs of one entry will be asked for,
// those that are staged already left out.
func (s *stage) prefetchLines(e *Entry) error {
	if s.ahead == nil {
		return nil
	}
	var missing []Line
	for i := range e.Lines {
		if staged := s.find(e.Lines[i].Account, e.Lines[i].Sub); staged == nil || e.Date.Before(staged.from) {
			missing = append(missing, e.Lines[i])
		}
	}
	if len(missing) == 0 {
		return nil
	}
	var need Need
	need.addLines(&Entry{Date: e.Date, Lines: missing})
	return s.ahead.Prefetch(need)
}

func (n *Need) addLines(e *Entry) {
	if !e.Date.Valid() {
		return
	}
	for i := range e.Lines {
		l := &e.Lines[i]
		if TextFault(l.Account, MaxCode) != "" || TextFault(l.Sub, MaxSub) != "" {
			continue // not even a question for a store
		}
		n.Codes = append(n.Codes, l.Account)
		n.Subs = append(n.Subs, SubSince{l.Account, l.Sub, e.Date})
	}
}
