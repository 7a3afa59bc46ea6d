package ledger

import (
	"hash/maphash"
	"math/bits"
)

// keyTable finds things by a key, or by an account and sub: it keeps the number
// under which each stands in a list, from 1, beside the hash of its key, and no
// key. Whoever asks says whether a number's key is the asked one, so that a
// number that has been taken back may stay behind in the table. The zero value
// is ready to use.
//
// A map would keep every key a second time, look at each again whenever it
// grows, and let the collector do so whenever it runs.
type keyTable struct {
	seed   maphash.Seed
	ready  bool // whether there is a seed
	filled bool // whether anything was put or reserved since it was empty
	parts  [keyParts]keyPart
}

// keyParts is how many parts a table has. Each grows by itself, so that no one
// post waits until all keys of a large book have been moved.
const keyParts = 16

type keyPart struct {
	slots []keySlot // a power of two of them, some always free
	used  int
}

// keySlot is a number with the tag of its hash above it, free if it is 0. One
// word: what a look-up costs is mostly the memory that it touches.
type keySlot uint64

// numberBits leave room for 68 billion numbers, more than any memory has
// entries, and for a tag of 28 bits: it says where a slot belongs among those
// of its part, and asks nobody about most that stand there by chance.
const numberBits = 36

func slotOf(hash, number uint64) keySlot { return keySlot(hash<<4&^(1<<numberBits-1) | number) }

func (s keySlot) number() uint64 { return uint64(s) & (1<<numberBits - 1) }

func (s keySlot) tag() uint64 { return uint64(s) >> numberBits }

// key returns the hash of a key. It changes nothing, so that any number of
// readers may ask at once; a table in which nothing was put has no seed yet and
// finds nothing under any hash.
func (t *keyTable) key(key string) uint64 {
	if !t.ready {
		return 0
	}
	return maphash.String(t.seed, key)
}

// place returns the hash of an account and sub, as key does.
func (t *keyTable) place(account, sub string) uint64 {
	if !t.ready {
		return 0
	}
	return maphash.String(t.seed, sub) + bits.RotateLeft64(maphash.String(t.seed, account), 1)
}

// putKey keeps a number under a key.
func (t *keyTable) putKey(key string, number uint64) {
	t.begin()
	t.put(t.key(key), number)
}

// putPlace keeps a number under an account and sub.
func (t *keyTable) putPlace(account, sub string, number uint64) {
	t.begin()
	t.put(t.place(account, sub), number)
}

func (t *keyTable) begin() {
	if !t.ready {
		t.seed, t.ready = maphash.MakeSeed(), true
	}
}

func (t *keyTable) part(hash uint64) *keyPart { return &t.parts[hash>>60%keyParts] }

// find returns the number that is under a hash and is the one, 0 for none.
func (t *keyTable) find(hash uint64, is func(number uint64) bool) uint64 {
	slots := t.part(hash).slots
	if len(slots) == 0 {
		return 0
	}
	last := uint64(len(slots) - 1)
	tag := slotOf(hash, 0).tag()
	for i := tag & last; slots[i] != 0; i = (i + 1) & last {
		if slots[i].tag() == tag && is(slots[i].number()) {
			return slots[i].number()
		}
	}
	return 0
}

// put keeps a number under a hash of this table.
func (t *keyTable) put(hash, number uint64) {
	p := t.part(hash)
	t.filled = true
	if 8*(p.used+1) > 5*len(p.slots) {
		p.grow(max(8, 2*len(p.slots)))
	}
	p.put(slotOf(hash, number))
}

func (p *keyPart) put(slot keySlot) {
	last := uint64(len(p.slots) - 1)
	i := slot.tag() & last
	for p.slots[i] != 0 {
		i = (i + 1) & last
	}
	p.slots[i] = slot
	p.used++
}

func (p *keyPart) grow(size int) {
	old := p.slots
	p.slots, p.used = make([]keySlot, size), 0
	for _, slot := range old {
		if slot != 0 {
			p.put(slot)
		}
	}
}

// reserve makes room for so many numbers in an empty table.
func (t *keyTable) reserve(n int) {
	t.filled = true
	each := n/keyParts + 1
	size := 1 << bits.Len(uint(2*each-1)) // at most half full, but for chance
	for i := range t.parts {
		if p := &t.parts[i]; p.used == 0 && len(p.slots) < size {
			p.slots = make([]keySlot, size)
		}
	}
}

// clear empties the table. It keeps no more room than a few keys need.
func (t *keyTable) clear() {
	if !t.filled {
		return
	}
	t.filled = false
	for i := range t.parts {
		if p := &t.parts[i]; p.used > 0 || len(p.slots) > mostKept {
			if len(p.slots) > mostKept {
				p.slots = nil
			}
			clear(p.slots)
			p.used = 0
		}
	}
}

// mostKept is how many slots of a part stay with an empty table.
const mostKept = 256
