package contract_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// Lists leave out a contract of which nothing is left; pages hang together.
func TestListAndPage(t *testing.T) {
	book := newBook(t, ledger.NewMemory())
	for i := range 5 {
		id := "A-" + strconv.Itoa(i)
		does(t, book, ask{Key: id, ID: id, Name: "open", Owner: "M000" + strconv.Itoa(i)})
	}
	_, err := undoes(book, "U", 0)
	require.NoError(t, err)
	var owners []string
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		for c, err := range envelopes.List(tx, "A-0") {
			require.NoError(t, err)
			owners = append(owners, c.Owner)
		}
		require.Equal(t, []string{"M0002", "M0003", "M0004"}, owners)
		for range envelopes.List(tx, "") {
			break
		}
		c, found, err := envelopes.Find(tx, "A-1")
		require.NoError(t, err)
		require.True(t, found, "its history is kept")
		require.Equal(t, envelope{Version: 2}, c)
		c, found, err = envelopes.Find(tx, "A-9")
		require.NoError(t, err)
		require.False(t, found)
		require.Zero(t, c)
		_, err = envelopes.Load(tx, "A-9")
		require.ErrorIs(t, err, errUnknown)
		_, err = envelopes.History(tx, "A-9")
		require.ErrorIs(t, err, errUnknown)
		history, err := envelopes.History(tx, "A-1")
		require.NoError(t, err)
		require.Equal(t, []string{"A-1", "U"}, history.Keys)
		require.Empty(t, envelopes.Standing(history.Events))

		for _, test := range []struct {
			after string
			most  int
			want  string
		}{
			{"", 3, "M0000 M0002 M0003, next A-3, more true"},
			{"A-3", 3, "M0004, next A-4, more false"},
			{"A-4", 3, ", next A-4, more false"},
			{"", 4, "M0000 M0002 M0003 M0004, next A-4, more false"},
			{"", 0, "M0000 M0002 M0003 M0004, next A-4, more false"},
			{"", contract.MaxPage + 1, "M0000 M0002 M0003 M0004, next A-4, more false"},
		} {
			page, err := envelopes.Page(tx, test.after, test.most)
			require.NoError(t, err)
			var owners []string
			for _, c := range page.Contracts {
				owners = append(owners, c.Owner)
			}
			require.Equal(t, test.want, fmt.Sprintf("%s, next %s, more %t", strings.Join(owners, " "), page.Next, page.More))
		}
		return nil
	}))
}

// The form of another release is not read as if it were this one's.
func TestUnreadable(t *testing.T) {
	named := envelopes
	named.What = func(id string) string { return "envelope " + id }
	good := ledger.Record{Kind: "envelope", ID: "A-1", Version: 3, Event: "mark", Data: json.RawMessage(`{"name":"mark"}`), Format: 1, State: json.RawMessage(`{"owner":"M0001"}`)}
	other, torn := good, good
	other.Format = 2
	torn.State, torn.Data = json.RawMessage(`{"owner":1}`), json.RawMessage(`{"name":1}`)
	for _, test := range []struct {
		kind   *contract.Kind[envelope, event]
		record ledger.Record
		text   string
	}{
		{&envelopes, good, ""},
		{&envelopes, other, "envelope: contract A-1: version 3 has stored format 2, this release reads 1"},
		{&named, other, "envelope: envelope A-1: version 3 has stored format 2, this release reads 1"},
		{&envelopes, torn, "envelope: stored form not readable: contract A-1, version 3: json: cannot unmarshal number into Go struct field"},
		{&named, torn, "envelope: stored form not readable: envelope A-1, version 3: json: cannot unmarshal number into Go struct field"},
	} {
		_, stateErr := test.kind.State(&test.record)
		_, eventErr := test.kind.Event(&test.record)
		for _, err := range []error{stateErr, eventErr} {
			if test.text == "" {
				require.NoError(t, err)
				continue
			}
			require.ErrorIs(t, err, errUnreadable)
			require.ErrorContains(t, err, test.text)
		}
	}
	var r *contract.Refusal
	_, err := envelopes.State(&other)
	require.ErrorAs(t, err, &r)
	require.Equal(t, "format.version", r.Code)
	require.Equal(t, "A-1", r.Contract)
}

// A book with a contract of another release lists the rest.
func TestReadable(t *testing.T) {
	book := newBook(t, ledger.NewMemory())
	does(t, book, open)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		_, err := tx.Save(ledger.Record{Key: "X", Kind: "envelope", ID: "A-0", Version: 1, Event: "open", Data: json.RawMessage("{}"), Format: 2, State: json.RawMessage("{}")})
		return err
	}))
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		read := 0
		for c, err := range envelopes.Readable(tx) {
			require.NoError(t, err)
			require.Equal(t, "M0001", c.Owner)
			read++
		}
		require.Equal(t, 1, read)
		for _, err := range envelopes.List(tx, "") {
			require.ErrorIs(t, err, errUnreadable)
		}
		_, err := envelopes.Page(tx, "", 10)
		require.ErrorIs(t, err, errUnreadable)
		_, _, err = envelopes.Find(tx, "A-0")
		require.ErrorIs(t, err, errUnreadable)
		_, err = envelopes.History(tx, "A-0")
		require.ErrorIs(t, err, errUnreadable)
		return nil
	}))
}

// A package may say what a contract is before its first event, and write and
// read its stored form itself.
func TestOwnBeginningAndForm(t *testing.T) {
	own := envelopes
	own.New = func(id string) envelope { return envelope{Owner: "of " + id} }
	own.Marshal = func(c envelope) ([]byte, error) { return json.Marshal([]any{c.Owner, c.Version}) }
	own.Unmarshal = func(c *envelope, data []byte) error {
		return json.Unmarshal(data, &[]any{&c.Owner, &c.Version})
	}
	own.Summary = func(c envelope) string { return c.Owner }
	c, err := own.Replay("A-1", []event{{Name: "mark", Version: 1, Marks: 1}})
	require.NoError(t, err)
	require.Equal(t, envelope{Owner: "of A-1", Marks: 1, Version: 1}, c)
	r, err := own.Record("A-1", event{Name: "mark", Version: 1}, c)
	require.NoError(t, err)
	require.Equal(t, `["of A-1",1]`, string(r.State))
	read, err := own.State(&r)
	require.NoError(t, err)
	require.Equal(t, envelope{Owner: "of A-1", Version: 1}, read)

	unwritable := errors.New("no")
	own.Marshal = func(envelope) ([]byte, error) { return nil, unwritable }
	_, err = own.Record("A-1", event{Name: "mark", Version: 1}, c)
	require.ErrorIs(t, err, unwritable)
	require.EqualError(t, err, "envelope: contract A-1: no")
	_, err = own.Record("A-1", event{Name: "put", Version: 1, Put: amount(1).Sub(amount(-1 << 62))}, c)
	require.ErrorContains(t, err, "envelope: contract A-1: event put #1 on ")
	_, err = own.Replay("A-1", []event{{Name: "mark", Version: 2}})
	require.ErrorIs(t, err, errSequence)
}

func TestLater(t *testing.T) {
	var events []event
	for version := 1; version <= 8; version++ {
		events = append(events, event{Name: "mark", Version: version, Date: first})
	}
	require.Equal(t, "", envelopes.Later(events, 8))
	require.Equal(t, "mark #8 on 2026-01-02", envelopes.Later(events, 7))
	require.Equal(t, "mark #3 on 2026-01-02, mark #4 on 2026-01-02, mark #5 on 2026-01-02, mark #6 on 2026-01-02, mark #7 on 2026-01-02 and 1 more", envelopes.Later(events, 2))
}

func TestRefusal(t *testing.T) {
	kind := errors.New("envelope: refused")
	for _, test := range []struct {
		refusal *contract.Refusal
		text    string
	}{
		{contract.Refuse(kind, "a.b", "A-1", "%s of %d", amount(5), 2), "envelope: contract A-1: 500 of 2"},
		{contract.Refuse(kind, "a.b", "", "100%% plain").By("UU 25/1992"), "envelope: 100% plain (UU 25/1992)"},
		{&contract.Refusal{Kind: kind, Contract: "A-1", What: "item 3", Reason: "100% plain"}, "envelope: contract A-1: item 3: 100% plain"},
		{&contract.Refusal{Kind: kind, What: "SHU 2025", Reason: "none"}, "envelope: SHU 2025: none"},
		{&contract.Refusal{Kind: kind, Contract: "A\n1", What: strings.Repeat("é", 40), Reason: "none"}, "envelope: contract A\uFFFD1: " + strings.Repeat("é", 30) + "...: none"},
		{&contract.Refusal{Kind: errors.New("bare"), Reason: "none"}, "bare: none"},
		{&contract.Refusal{Reason: "none"}, "none"},
	} {
		require.EqualError(t, test.refusal, test.text)
		shown := test.refusal.In(ledger.IDR)
		require.EqualError(t, shown, strings.Replace(test.text, "500", "5.00", 1))
		require.Equal(t, test.refusal.Kind, errors.Unwrap(shown))
		require.NotSame(t, test.refusal, shown)
	}
	compared := contract.Refuse(kind, "a.b", "A-1", "x").Comparing(amount(1), amount(2))
	require.Equal(t, amount(1), compared.Given)
	require.Equal(t, amount(2), compared.Limit)
}

// In shows a refusal in the book's currency and leaves everything else alone.
func TestIn(t *testing.T) {
	book := newBook(t, ledger.NewMemory())
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		require.NoError(t, contract.In(tx, "A-1", nil))
		other := errors.New("other")
		require.Same(t, other, contract.In(tx, "A-1", other))
		require.EqualError(t, contract.In(tx, "A-1", contract.Refuse(errState, "", "", "%s", amount(5))), "envelope: contract A-1: 5.00")
		require.EqualError(t, contract.In(tx, "A-1", contract.Refuse(errState, "", "A-2", "%s", amount(5))), "envelope: contract A-2: 5.00")
		require.EqualError(t, contract.In(tx, "", contract.Refuse(errState, "", "", "%s", amount(5))), "envelope: 5.00")
		require.EqualError(t, contract.In(tx, "A-1", fmt.Errorf("wrapped: %w", contract.Refuse(errState, "", "", "%s", amount(5)))), "envelope: contract A-1: 5.00")
		return nil
	}))
}

func TestTexts(t *testing.T) {
	require.Equal(t, "plain", contract.Clip("plain"))
	require.Equal(t, strings.Repeat("x", 60), contract.Clip(strings.Repeat("x", 60)))
	require.Equal(t, strings.Repeat("x", 60)+"...", contract.Clip(strings.Repeat("x", 61)))
	require.Equal(t, "a\uFFFDb\uFFFDc", contract.Clip("a\nb\u202ec"))
	require.Empty(t, contract.TextFault("plain"))
	require.NotEmpty(t, contract.TextFault("two\nlines"))
	require.NotEmpty(t, contract.TextFault(strings.Repeat("x", ledger.MaxText+1)))
}
