package ledger

import "slices"

// How a book keeps things in memory: lists that only grow, states beside their
// predecessors, and keys that are sorted when somebody asks for their order.

// keptChange is a change without what its entry says too: most changes are
// entries, and this is half the size.
type keptChange struct {
	posted  *Posted // of an entry
	other   *Change // of everything else
	command string
	asked   Digest // the digest of the command's content
	content Digest
}

func keep(ch *Change) keptChange {
	if ch.Posted == nil {
		other := *ch
		return keptChange{other: &other}
	}
	return keptChange{posted: ch.Posted, command: ch.Command, asked: ch.CommandDigest, content: ch.Content}
}

func (k *keptChange) change() Change {
	if k.posted == nil {
		return *k.other
	}
	return Change{
		Number: k.posted.Change, Kind: ChangeEntry, Recorded: k.posted.Recorded,
		Key: k.posted.Key, Command: k.command, CommandDigest: k.asked,
		Entry: k.posted.Number, Content: k.content, Digest: k.posted.Digest, Posted: k.posted,
	}
}

// asks returns the command that the change belongs to, without its changes.
func (k *keptChange) asks() Command {
	if k.posted == nil {
		return Command{Key: k.other.Key, Kind: k.other.Command, Content: k.other.CommandDigest}
	}
	return Command{Key: k.posted.Key, Kind: k.command, Content: k.asked}
}

// doubled returns a list with room for one more. It doubles where append grows
// a long list by a quarter, which copies each of its elements five times.
func doubled[T any](list []T) []T {
	if len(list) < cap(list) {
		return list
	}
	return slices.Grow(list, max(1, len(list)))
}

// growing is a list that only grows and never moves what it holds.
type growing[T any] struct {
	chunks [][]T
	n      uint64
}

const chunk = 1024

func (g *growing[T]) append(v T) {
	if g.n%chunk == 0 {
		g.chunks = append(g.chunks, make([]T, 0, chunk))
	}
	last := len(g.chunks) - 1
	g.chunks[last] = append(g.chunks[last], v)
	g.n++
}

func (g *growing[T]) at(i uint64) *T { return &g.chunks[i/chunk][i%chunk] }

// at is a state with the number of the change that made it.
type at[T any] struct {
	change uint64
	state  T
}

// as returns the state that held at a change, nil if there was none yet.
func as[T any](states []at[T], change uint64) *T {
	for i := len(states) - 1; i >= 0; i-- {
		if states[i].change <= change {
			return &states[i].state
		}
	}
	return nil
}

// put appends a state, in place of one that the same change had made.
func put[T any](states []at[T], change uint64, state T) []at[T] {
	if n := len(states); n > 0 && states[n-1].change == change {
		states[n-1].state = state
		return states
	}
	return append(states, at[T]{change, state})
}

// sortedKeys is a set of keys with an order, sorted when it is asked for.
type sortedKeys struct {
	keys   []string
	sorted int // how many of keys are in order
}

func (s *sortedKeys) add(key string) {
	if s.sorted == len(s.keys) && (len(s.keys) == 0 || s.keys[len(s.keys)-1] < key) {
		s.sorted++
	}
	s.keys = append(s.keys, key)
}

func (s *sortedKeys) needsSort() bool { return s.sorted < len(s.keys) }

func (s *sortedKeys) sort() {
	// A view may still be reading the old list.
	keys := slices.Clone(s.keys)
	slices.Sort(keys)
	s.keys, s.sorted = keys, len(keys)
}

// from returns the keys after the given one, all if it is empty.
func (s *sortedKeys) from(after string) []string {
	if after == "" {
		return s.keys
	}
	i, found := slices.BinarySearch(s.keys, after)
	if found {
		i++
	}
	return s.keys[i:]
}
