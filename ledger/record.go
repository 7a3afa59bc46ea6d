package ledger

import (
	"bytes"
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

// sameAs reports whether two versions are the same in everything.
func (r *Record) sameAs(o *Record) bool {
	return r.Kind == o.Kind && r.ID == o.ID && r.Version == o.Version && r.Event == o.Event && r.Format == o.Format &&
		bytes.Equal(r.Data, o.Data) && bytes.Equal(r.State, o.State) &&
		r.Key == o.Key && r.Change == o.Change && r.Recorded.Equal(o.Recorded)
}

func (r *Record) writtenBy(ch *Change) bool {
	return r.Key == ch.Key && r.Change == ch.Number && r.Recorded.Equal(ch.Recorded)
}
