package murabahah_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/murabahah"
)

var update = flag.Bool("update", false, "write golden files anew")

// storedLife is what a book holds of a contract: its events and its state.
type storedLife struct {
	Events []json.RawMessage `json:"events"`
	State  json.RawMessage   `json:"state"`
}

// The stored form of lives is kept in files: a release that cannot read them,
// or gives another state, cannot read a book.
func TestStoredFormIsReadable(t *testing.T) {
	for name, life := range lives() {
		t.Run(name, func(t *testing.T) {
			file := "testdata/stored/" + strings.ReplaceAll(name, " ", "-") + ".json"
			if *update {
				_, desk := newDesk(t)
				provide(t, desk, 25_000_000)
				last := does(t, desk, life...)
				events, err := desk.History(ctx, "MRB-1")
				require.NoError(t, err)
				var stored storedLife
				for _, e := range events {
					stored.Events = append(stored.Events, json.RawMessage(asJSON(t, e)))
				}
				stored.State = json.RawMessage(asJSON(t, last.Contract))
				data, err := json.MarshalIndent(stored, "", "\t")
				require.NoError(t, err)
				require.NoError(t, os.MkdirAll("testdata/stored", 0o755))
				require.NoError(t, os.WriteFile(file, append(data, '\n'), 0o644))
			}
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			var stored storedLife
			require.NoError(t, json.Unmarshal(data, &stored))
			var events []murabahah.Event
			for _, raw := range stored.Events {
				var e murabahah.Event
				require.NoError(t, json.Unmarshal(raw, &e))
				require.JSONEq(t, string(raw), asJSON(t, e), "every field is read")
				events = append(events, e)
			}
			c, err := murabahah.Replay(events)
			require.NoError(t, err)
			var compact bytes.Buffer
			require.NoError(t, json.Compact(&compact, stored.State))
			require.Equal(t, compact.String(), asJSON(t, c))
		})
	}
}
