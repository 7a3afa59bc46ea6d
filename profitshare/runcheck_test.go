package profitshare_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// Each kind of fault that somebody plants is found, and says where it is.
func TestChecksFind(t *testing.T) {
	april := func(t *testing.T) ledger.Month { return month(t, "2026-04") }
	posted := func(t *testing.T) *runBook {
		b := newUncheckedBook(t)
		desk := monthOfApril(b)
		_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april(t)})
		require.NoError(t, err)
		_, err = desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april(t), Date: april(t).Next().First()})
		require.NoError(t, err)
		require.Empty(t, b.findings())
		return b
	}
	// forge appends a version to the run that no desk would write.
	forge := func(t *testing.T, b *runBook, old, with string) {
		require.NoError(t, b.Update(ctx, func(tx *ledger.Tx) error {
			r, found, err := tx.Record(profitshare.RunKind, "2026-04/umum")
			require.NoError(t, err)
			require.True(t, found)
			state := bytes.Replace(r.State, []byte(old), []byte(with), 1)
			require.NotEqual(t, string(state), string(r.State))
			_, err = tx.Save(ledger.Record{Key: "forged", Kind: r.Kind, ID: r.ID, Version: r.Version + 1, Event: "pay_out",
				Data: json.RawMessage(`{"name":"pay_out","version":3,"month":"2026-04","date":"2026-05-02"}`), Format: 1, State: state})
			return err
		}))
	}
	for _, c := range []struct {
		name  string
		plant func(t *testing.T, b *runBook)
		want  []string
	}{
		{"a version without its content", func(t *testing.T, b *runBook) { forge(t, b, `"status":"paid"`, `"status":"posted"`) },
			[]string{"profitshare.replay: change 37: run 2026-04/umum, version 3: event pay_out without its content"}},
		{"another total", func(t *testing.T, b *runBook) { forge(t, b, `"members":27000000`, `"members":27000100`) },
			[]string{
				"profitshare.replay: change 37: run 2026-04/umum, version 3: event pay_out without its content",
				"profitshare.entries: entry 5: account 20201: run 2026-04/umum, version 1: the run says -270001.00, the entry's lines come to -270000.00"}},
		{"another entry", func(t *testing.T, b *runBook) { forge(t, b, `"entry":6`, `"entry":1`) },
			[]string{
				"profitshare.replay: change 37: run 2026-04/umum, version 3: event pay_out without its content",
				`profitshare.entries: entry 1: run 2026-04/umum, version 2: the entry comes from ""`,
				"profitshare.entries: entry 1: run 2026-04/umum, version 2: is dated 2026-05-01, the entry 2026-03-31",
				"profitshare.entries: entry 1: account 20201: run 2026-04/umum, version 2: the run says 270000.00, the entry's lines come to 0.00",
				"profitshare.entries: entry 1: run 2026-04/umum, version 2: 3 accounts are left, the run says 0",
				"profitshare.payable: account 20201/M1-A: the runs owe 100000.00, their entries leave 0.00",
				"profitshare.payable: account 20201/M1-A: the runs owe 100000.00, the account holds 0.00",
				"profitshare.payable: account 20201/M1-D: the runs owe 120000.00, their entries leave 0.00",
				"profitshare.payable: account 20201/M1-D: the runs owe 120000.00, the account holds 0.00",
				"profitshare.payable: account 20201/M2-A: the runs owe 50000.00, their entries leave 0.00",
				"profitshare.payable: account 20201/M2-A: the runs owe 50000.00, the account holds 0.00",
				"profitshare.months: entry 1: run 2026-04/umum: the pay-out of 2026-05-01 is not on the list of its month",
				"profitshare.months: entry 6: stands on the list of pay-outs of 2026-05, but is none"}},
		{"a share taken away by hand", func(t *testing.T, b *runBook) { b.book("2026-05-02", "20201/M1-A", "10102", 1) },
			[]string{"profitshare.payable: account 20201/M1-A: the runs owe 0.00, the account holds -1.00"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := posted(t)
			c.plant(t, b)
			require.Equal(t, c.want, b.findings())
		})
	}
}

// What was owed before the book began may stand on the payable account.
func TestSharesTakenOver(t *testing.T) {
	b := newRunBook(t)
	desk := monthOfApril(b)
	b.book("2026-03-31", "10102", "20201/M1-A", 777)
	april := month(t, "2026-04")
	_, err := desk.Post(ctx, profitshare.Posting{Key: "P", Month: april})
	require.NoError(t, err)
	_, err = desk.PayOut(ctx, profitshare.Disbursement{Key: "B", Month: april, Date: april.Next().First()})
	require.NoError(t, err)
	b.requireBalance("20201/M1-A", "2026-05-01", -777)
}
