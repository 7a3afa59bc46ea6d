package ledger

import (
	"encoding/json"
	"time"
)

// Record is one version of a contract's state. Versions are append-only: the
// history of a contract is its list of versions.
type Record struct {
	Kind    string // such as "murabahah"
	ID      string
	Version int // 1 for the first; saving needs the last version plus 1
	// Event is the name of what happened and Data its decided content as JSON:
	// applied in order to nothing, the events of a record give its state.
	Event  string
	Data   json.RawMessage
	Format int             // version of the JSON forms of Data and State
	State  json.RawMessage // small; never what can be computed from the terms

	Key      string    // the command that wrote it; set by the book
	Change   uint64    // the change that wrote it; set by the book
	Recorded time.Time // set by the book
}

// clone returns a version that shares nothing with r.
func (r Record) clone() Record {
	r.Data, r.State = append(json.RawMessage(nil), r.Data...), append(json.RawMessage(nil), r.State...)
	return r
}
