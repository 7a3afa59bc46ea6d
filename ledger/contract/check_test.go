package contract_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Every kind of contradiction is planted in a sound book past the commands, and
// found.
func TestChecksFindWhatIsWrong(t *testing.T) {
	next := envelope{"M0001", amount(100_000), 1, 4}
	// saves plants a further version of A-1.
	saves := func(e event, after envelope, entries ...ledger.Entry) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error {
			r, err := envelopes.Record("A-1", e, after)
			require.NoError(t, err)
			return forge(tx, r, entries...)
		}
	}
	marked := event{Name: "mark", Version: 4, Date: first}
	paid := event{Name: "put", Version: 4, Date: first, Put: amount(5)}
	paidAfter := envelope{"M0001", amount(100_005), 1, 4}
	entry := journal("A-1", paid)
	changed := func(edit func(*ledger.Entry)) ledger.Entry {
		e := entry
		e.Lines = append([]ledger.Line(nil), entry.Lines...)
		edit(&e)
		return e
	}
	record := func(edit func(*ledger.Record), entries ...ledger.Entry) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error {
			r, err := envelopes.Record("A-1", marked, next)
			require.NoError(t, err)
			edit(&r)
			return forge(tx, r, entries...)
		}
	}
	for _, test := range []struct {
		name  string
		plant func(*ledger.Tx) error
		text  string
	}{
		{"a state that the events do not give", saves(marked, envelope{"M0001", amount(1), 1, 4}),
			`envelope.replay: change 11: contract A-1, version 4: the state is not what the events give: {"owner":"M0001","held":10000000,"marks":1,"version":4}, stored {"owner":"M0001","held":100,"marks":1,"version":4}`},
		{"an event that does not follow", saves(event{Name: "put", Version: 4, Date: first, Put: amount(-100_001)}, next, changed(func(e *ledger.Entry) {})),
			"envelope.replay: change 12: contract A-1, version 4: envelope: -100 would be left"},
		{"an event of another version", record(func(r *ledger.Record) { r.Data = json.RawMessage(`{"name":"mark","version":3,"date":"2026-01-02"}`) }),
			"envelope.replay: change 11: contract A-1, version 4: the record says event mark #4, its data mark #3 on 2026-01-02"},
		{"an event of another name", record(func(r *ledger.Record) { r.Event = "put" }),
			"envelope.replay: change 11: contract A-1, version 4: the record says event put #4, its data mark #4 on 2026-01-02"},
		{"another form", record(func(r *ledger.Record) { r.Format = 2 }),
			"envelope.replay: change 11: contract A-1, version 4: envelope: contract A-1: version 4 has stored format 2, this release reads 1"},
		{"an event that cannot be read", record(func(r *ledger.Record) { r.Data = json.RawMessage(`[]`) }),
			"envelope.entries: change 11: contract A-1, version 4: envelope: stored form not readable: contract A-1, version 4: json: cannot unmarshal array"},
		{"a state that cannot be read", record(func(r *ledger.Record) { r.State = json.RawMessage(`[]`) }),
			"envelope.replay: change 11: contract A-1, version 4: envelope: stored form not readable: contract A-1, version 4: json: cannot unmarshal array"},
		{"an event that was not allowed", saves(event{Name: "open", Version: 4, Date: first, Owner: "M0002"}, envelope{"M0002", amount(100_000), 1, 4}),
			"envelope.course: change 11: contract A-1: open #4 on 2026-01-02: was open already"},
		{"not the latest event undone", saves(event{Name: "undo", Version: 4, Date: first, Undoes: 2}, next),
			"envelope.course: change 11: contract A-1: undo #4 on 2026-01-02: does not undo the latest event that stood"},
		{"not all of it undone", saves(event{Name: "undo", Version: 4, Date: first, Undoes: 3, Put: amount(5)}, paidAfter, changed(func(e *ledger.Entry) { e.Source.Event = "undo" })),
			"envelope.course: change 12: contract A-1: undo #4 on 2026-01-02: does not bring back what stood before"},
		{"money without an entry", saves(paid, paidAfter),
			"envelope.entries: change 11: envelope/A-1#4 put moves money and has no entry"},
		{"a second entry", saves(paid, paidAfter, entry, entry),
			"envelope.entries: change 12: entry 3: envelope/A-1#4 put has a second entry"},
		{"an entry without money", saves(marked, next, changed(func(e *ledger.Entry) { e.Source.Event = "mark" })),
			"envelope.entries: change 11: entry 2: envelope/A-1#4 mark has 2 lines, its event gives 0"},
		{"an entry of another day", saves(paid, paidAfter, changed(func(e *ledger.Entry) { e.Date = first.AddDays(1) })),
			"envelope.entries: change 11: entry 2: it is no entry of envelope/A-1#4 put on 2026-01-02"},
		{"another amount", saves(paid, paidAfter, changed(func(e *ledger.Entry) { e.Lines[0].Amount, e.Lines[1].Amount = amount(4), amount(-4) })),
			"envelope.entries: change 11: entry 2: line 1 of envelope/A-1#4 put is 4.00 on 10102/, its event gives 5.00 on 10102/"},
		{"another place", saves(paid, paidAfter, changed(func(e *ledger.Entry) { e.Lines[0].Account = "10101" })),
			"envelope.entries: change 11: entry 2: line 1 of envelope/A-1#4 put is 5.00 on 10101/, its event gives 5.00 on 10102/"},
		{"another party", saves(paid, paidAfter, changed(func(e *ledger.Entry) {
			e.Lines[1] = e.Lines[1].With(ledger.Party{Member: "M0002", Standing: ledger.Member})
		})), "envelope.entries: change 11: entry 2: line 2 of envelope/A-1#4 put is -5.00 on 20501/A-1, its event gives -5.00 on 20501/A-1"},
		{"an entry that mirrors none", saves(event{Name: "undo", Version: 4, Date: first, Undoes: 3, Put: amount(5)}, paidAfter, changed(func(e *ledger.Entry) { e.Source.Event = "undo" })),
			"envelope.entries: change 11: entry 2: it is no entry of envelope/A-1#4 undo on 2026-01-02"},
		{"another kind of account", saves(paid, paidAfter, changed(func(e *ledger.Entry) { e.Lines[1] = ledger.Credit("50101", amount(5)) })),
			"envelope.entries: change 11: entry 2: line 2 of envelope/A-1#4 put is -5.00 on 50101/, its event gives -5.00 on 20501/A-1"},
		{"an entry of nothing", record(func(r *ledger.Record) { r.Event = "more" }, changed(func(e *ledger.Entry) { e.Source.Event = "more" })),
			"envelope.entries: change 11: entry 2: it names envelope/A-1#4 more, which there is none of"},
	} {
		t.Run(test.name, func(t *testing.T) {
			book := newBook(t, ledger.NewMemory())
			does(t, book, open, put, mark)
			require.Empty(t, findings(t, book))
			require.NoError(t, book.Update(ctx, test.plant))
			require.Contains(t, text(findings(t, book)), test.text)
		})
	}
}

// forge writes a version past the commands, with the entries given.
func forge(tx *ledger.Tx, r ledger.Record, entries ...ledger.Entry) error {
	if _, _, err := tx.Repeat(ledger.Command{Key: "X", Kind: "forged"}); err != nil {
		return err
	}
	for _, entry := range entries {
		if _, err := tx.Post(entry); err != nil {
			return err
		}
	}
	_, err := tx.Save(r)
	return err
}

// An account that was replaced by one of its kind and side leaves the checks
// silent about the entries before.
func TestCheckEntriesAfterTheChartMovedOn(t *testing.T) {
	book := newBook(t, ledger.NewMemory())
	does(t, book, open, put)
	check := ledger.NewCheck("moved", func(tx *ledger.Tx, say ledger.Report) error {
		return envelopes.CheckEntries(tx, say, func(m contract.Match[event]) error {
			lines := journal(m.Record.ID, m.Event).Lines
			for i := range lines {
				if lines[i].Account == owing {
					lines[i].Account = "20303"
				}
			}
			return envelopes.CheckEntry(tx, m, lines, cash, say)
		})
	})
	for f, err := range book.Check(ctx, check) {
		require.NoError(t, err)
		t.Error(f)
	}
}

// A version that was taken out of the store is missed.
func TestCheckReplayMissesAVersion(t *testing.T) {
	store := ledger.NewMemory()
	does(t, newBook(t, store), open, put, mark)
	for version, want := range map[int]string{
		1: "contract A-1 has version 3, and none that follows version 0",
		2: "contract A-1 has version 3, and none that follows version 1",
		3: "contract A-1 has version 3, and none that follows version 2",
	} {
		book, err := ledger.Open(ctx, holed{store, version}, config)
		require.NoError(t, err)
		require.Contains(t, text(findings(t, book)), want)
	}
}

// holed is a store that has lost a version of every record.
type holed struct {
	ledger.Store
	version int
}

func (s holed) View(ctx context.Context, book string, fn func(ledger.Reader) error) error {
	return s.Store.View(ctx, book, func(r ledger.Reader) error { return fn(holedReader{r, s.version}) })
}

type holedReader struct {
	ledger.Reader
	lost int
}

func (r holedReader) Record(kind, id string, version int) (ledger.Record, bool, error) {
	if version == r.lost {
		return ledger.Record{}, false, nil
	}
	return r.Reader.Record(kind, id, version)
}
