package shu_test

import (
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/profitshare/shu"
)

var update = flag.Bool("update", false, "write golden files anew")

// TestStoredForm keeps format 1 readable: years written by this release replay
// under later ones, whatever rules have become by then.
func TestStoredForm(t *testing.T) {
	const golden = "testdata/format1.json"
	y, events := shu.Year{Year: 2025}, []shu.Event{}
	for _, name := range []shu.EventName{shu.EventDecide, shu.EventPay, shu.EventSpend} {
		e, err := commands[name](y)
		require.NoError(t, err)
		y, err = y.Apply(e)
		require.NoError(t, err)
		events = append(events, e)
	}
	undo, err := shu.Reverse(events, shu.Reversal{Slip: paper(meeting)})
	require.NoError(t, err)
	y, err = y.Apply(undo)
	require.NoError(t, err)
	form := struct {
		Events []shu.Event `json:"events"`
		Year   shu.Year    `json:"year"`
	}{append(events, undo), y}
	written, err := json.MarshalIndent(form, "", " ")
	require.NoError(t, err)
	written = append(written, '\n')
	if *update {
		require.NoError(t, os.WriteFile(golden, written, 0o644))
	}
	kept, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(kept), string(written))
	form.Events, form.Year = nil, shu.Year{}
	require.NoError(t, json.Unmarshal(kept, &form))
	replayed, err := shu.Replay(2025, form.Events)
	require.NoError(t, err)
	require.Equal(t, asJSON(t, form.Year), asJSON(t, replayed))
	require.Equal(t, asJSON(t, y), asJSON(t, replayed))
}

// FuzzStoredYear reads whatever stands in a store: a year or an error, never a
// panic, and what was read is written and read alike.
func FuzzStoredYear(f *testing.F) {
	kept, err := os.ReadFile("testdata/format1.json")
	require.NoError(f, err)
	var form struct{ Year json.RawMessage }
	require.NoError(f, json.Unmarshal(kept, &form))
	f.Add([]byte(form.Year))
	f.Fuzz(func(t *testing.T, data []byte) {
		var y shu.Year
		if json.Unmarshal(data, &y) != nil {
			return
		}
		again, err := json.Marshal(y)
		if err != nil {
			return
		}
		var z shu.Year
		require.NoError(t, json.Unmarshal(again, &z))
		require.Equal(t, string(again), asJSON(t, z))
		for _, command := range commands {
			_, _ = command(y) // refuses or decides, never panics
		}
		if y.Plan != nil {
			_, _ = y.Plan.Propose(members())
		}
	})
}
