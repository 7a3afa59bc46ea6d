package ledger

// lately remembers the subs that the writer deals with, so that few have to be
// looked up. A flush writes them in the order in which it asked for them. What
// it says may be wrong, and is compared.
type lately struct {
	asked  []*memorySub  // in order; nil for one that was not there
	next   int           // the place in asked of the one expected next
	recent [4]*memorySub // those looked up last
	oldest int           // the place in recent that is given up next
}

// begin forgets what the last flush has asked for.
func (l *lately) begin() {
	clear(l.asked)
	if len(l.asked) > mostEach {
		l.asked = nil
	}
	l.asked, l.next = l.asked[:0], 0
}

// again begins at the first that was asked for.
func (l *lately) again() { l.next = 0 }

// expected returns a sub if it is the one expected next.
func (l *lately) expected(code, sub string) *memorySub {
	if l.next >= len(l.asked) {
		l.next = 0
	}
	if len(l.asked) == 0 || l.asked[l.next] == nil || !l.asked[l.next].is(code, sub) {
		return nil
	}
	l.next++
	return l.asked[l.next-1]
}

// made tells of a sub that was not there when it was asked for.
func (l *lately) made(kept *memorySub) {
	if l.next < len(l.asked) && l.asked[l.next] == nil {
		l.asked[l.next] = kept
		l.next++
	}
}

func (l *lately) find(code, sub string) *memorySub {
	for _, kept := range l.recent {
		if kept != nil && kept.is(code, sub) {
			return kept
		}
	}
	return nil
}

func (l *lately) found(kept *memorySub) {
	l.recent[l.oldest] = kept
	l.oldest = (l.oldest + 1) % len(l.recent)
}
