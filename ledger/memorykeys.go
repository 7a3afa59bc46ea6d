package ledger

import "slices"

// sortedKeys is a set of keys with an order, sorted when it is asked for.
type sortedKeys struct {
	keys   []string
	sorted int // how many of keys are in order
}

func (s *sortedKeys) add(key string) {
	if s.sorted == len(s.keys) && (len(s.keys) == 0 || s.keys[len(s.keys)-1] < key) {
		s.sorted++
	}
	s.keys = append(doubled(s.keys), key)
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
