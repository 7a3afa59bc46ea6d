package savings

import (
	"encoding/json"
	"reflect"
	"testing"
)

// FuzzFlat holds the quick reading of states to what the JSON package reads:
// where it answers at all, the answers are the same.
func FuzzFlat(f *testing.F) {
	for _, seed := range []string{
		`{"id":"A","member":"M","product":"P","control":"30101","opened":"2026-01-10","status":"active"}`,
		`{"number":"M1","joined":"2026-01-05","standing":"member"}`,
		`{"id":"A","status":"active","reactivated":"2026-07-01"}`, `{"id":"A","dormant":{"since":"2026-07-01"}}`,
		`{}`, `{"id":"a\"b"}`, `{"id":"a","id":"b"}`, `{"id":"x",}`, `{"id":"x"} `, `{"ID":"x"}`, `{"id":1}`, `{"opened":"2026-02-30"}`, `{"status":"é"}`, `{,}`, `{"id":"x"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var a, wantA Account
		if a.read(data) {
			if err := json.Unmarshal(data, &wantA); err != nil || !reflect.DeepEqual(a, wantA) {
				t.Errorf("account %q: read %+v, want %+v, %v", data, a, wantA, err)
			}
		}
		var m, wantM Member
		if m.read(data) {
			if err := json.Unmarshal(data, &wantM); err != nil || !reflect.DeepEqual(m, wantM) {
				t.Errorf("member %q: read %+v, want %+v, %v", data, m, wantM, err)
			}
		}
	})
}
