package yearfolder

import (
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// ReservedPrefix begins the keys that the program makes itself.
const ReservedPrefix = "mizan/"

// claim is the first use of a key.
type claim struct {
	place   Place
	content string
}

// key reads a document's number.
func (r *reader) key(row *row) string {
	key := row.name("key", ledger.MaxKey)
	if strings.HasPrefix(key, ReservedPrefix) {
		row.faultf("key %s: begins with %s, which is reserved for the program's own keys", quote(key), ReservedPrefix)
	}
	return key
}

// repeats reports whether a key was used before: there is one space of keys
// for the whole folder. With the same content a row changes nothing, with
// other content it is at fault.
func (r *reader) repeats(row *row, content string) bool {
	key := row.cell("key")
	if key == "" {
		return false
	}
	content = row.File + "\n" + content
	first, used := r.keys[key]
	if !used {
		r.keys[key] = claim{row.Place, content}
		return false
	}
	if first.content != content {
		row.faultf("key %s: used with other content in %s line %d", quote(key), first.place.File, first.place.Line)
	}
	return true
}
