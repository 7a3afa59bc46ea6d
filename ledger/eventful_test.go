package ledger_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// eventfulDay is the day around which the eventful book's commands are dated.
var eventfulDay = ledger.On(2026, time.March, 10)

// command is one command by name, so that tests can repeat it.
type command struct {
	name string
	do   func(*ledger.Tx) error
}

// eventfulCommands are commands that succeed one after the other on a new
// book, every kind of command among them.
func eventfulCommands() []command {
	rp, day := ledger.IDR.Of, eventfulDay
	posting := func(e ledger.Entry) func(*ledger.Tx) error {
		return func(tx *ledger.Tx) error { _, err := tx.Post(e); return err }
	}
	full := ledger.Entry{
		Key: "T1", Date: day, Memo: "Setoran tunai – Ibu Siti", Document: "BKM-0001", Maker: "teller-7", Approver: "manajer",
		Phase: ledger.Adjusting, Waiver: "izin pengurus",
		Lines: []ledger.Line{
			ledger.Debit("10102", rp(1_000)).With(ledger.Party{Member: "M1", Standing: ledger.Member}).In(ledger.Operating),
			ledger.Credit("30101", rp(1_000)).For("M1").With(ledger.Party{Member: "M1", Standing: ledger.Candidate}).In(ledger.Financing),
		},
	}
	withdraw := ledger.Entry{Date: day, Memo: "Angsuran", Lines: []ledger.Line{
		ledger.Debit("30101", rp(100)).For("M2"), ledger.Credit("10102", rp(100)),
	}}
	imported := deposit("I1", day.AddDays(-40), "M2", 700)
	return []command{
		{"add account", func(tx *ledger.Tx) error {
			return tx.AddAccount("A1", ledger.Account{Code: "10103", Name: "Bank", NameEn: "Bank", Kind: ledger.Asset, Normal: ledger.DebitSide, Floor: ledger.HardFloor(rp(0))})
		}},
		{"retire", func(tx *ledger.Tx) error {
			return tx.Retire(ledger.Retirement{Key: "A2", Account: "60101", Reason: "tidak dipakai", By: "manajer"})
		}},
		{"open sub", func(tx *ledger.Tx) error {
			return tx.OpenSub(ledger.SubOpening{Key: "S1", Account: "30101", Sub: "M1", Holder: "M-0001", Floor: ledger.HardFloor(rp(0)).WithSoft(rp(50)), By: "teller-7"})
		}},
		{"import", func(tx *ledger.Tx) error { _, err := tx.Import(imported); return err }},
		{"post", posting(full)},
		{"post mirror", posting(deposit("T2", day, "M2", 300))},
		{"reverse", func(tx *ledger.Tx) error {
			_, err := tx.Reverse(ledger.Reversal{Key: "R1", Entry: 3, Date: day.Next(), Reason: "salah rekening", Document: "BA-1", Maker: "teller-7", Approver: "manajer"})
			return err
		}},
		{"floor", func(tx *ledger.Tx) error {
			return tx.SetFloor(ledger.FloorSetting{Key: "F1", Account: "30101", Floor: ledger.HardFloor(rp(0)), Reason: "simpanan tidak boleh minus", By: "rapat"})
		}},
		{"block", func(tx *ledger.Tx) error {
			return tx.SetBlock(ledger.BlockSetting{Key: "B1", Account: "30101", Sub: "M1", Block: ledger.DebitBlock, Reason: "buku hilang", By: "manajer"})
		}},
		{"hold", func(tx *ledger.Tx) error {
			_, err := tx.Hold(ledger.Hold{Key: "H1", Account: "30101", Sub: "M2", Amount: rp(400), From: day, Until: day.AddDays(90), Reason: "jaminan MRB-1", By: "manajer"})
			return err
		}},
		{"release", func(tx *ledger.Tx) error {
			_, err := tx.Release(ledger.Release{Key: "H2", Hold: "H1", Amount: rp(150), Reason: "sebagian lunas", By: "manajer"})
			return err
		}},
		{"capture", func(tx *ledger.Tx) error {
			_, err := tx.Capture(ledger.Release{Key: "H3", Hold: "H1", Amount: rp(100), Reason: "angsuran", By: "manajer"}, withdraw)
			return err
		}},
		{"save", func(tx *ledger.Tx) error {
			_, err := tx.Save(ledger.Record{Key: "V1", Kind: "murabahah", ID: "MRB-1", Version: 1, Event: "order", Data: json.RawMessage(`{"price":1200}`), Format: 1, State: json.RawMessage(`{"state":"ordered"}`)})
			return err
		}},
		{"adopt", func(tx *ledger.Tx) error {
			_, err := tx.Adopt(ledger.Adoption{
				Record: ledger.Record{Key: "V2", Kind: "savings", ID: "M2", Version: 1, Event: "adopt", Format: 1, State: json.RawMessage(`{}`)},
				Day:    day.AddDays(-1), Claims: []ledger.Claim{{Account: "30101", Sub: "M2", Balance: rp(-700)}},
			})
			return err
		}},
		{"assert", func(tx *ledger.Tx) error {
			return tx.Assert(ledger.Assertion{Key: "C1", Account: "10102", Date: day, Balance: rp(1_900), Document: "BA kas", By: "pengawas"})
		}},
		{"soft close", func(tx *ledger.Tx) error {
			return tx.Close(ledger.PeriodClosing{Key: "P1", Through: day.AddDays(60), Soft: true, Reason: "akhir bulan", By: "manajer"})
		}},
		{"close", func(tx *ledger.Tx) error {
			return tx.Close(ledger.PeriodClosing{Key: "P2", Through: day.AddDays(30), Reason: "akhir bulan", By: "manajer"})
		}},
		{"reopen", func(tx *ledger.Tx) error {
			return tx.Reopen(ledger.PeriodReopening{Key: "P3", Through: day, SoftThrough: day.AddDays(30), Reason: "koreksi auditor", By: "pengawas"})
		}},
	}
}

// newEventful returns a book on which all eventfulCommands were carried out.
func newEventful(t testing.TB, store ledger.Store, id string) *ledger.Book {
	t.Helper()
	ctx := context.Background()
	book, err := ledger.Create(ctx, store, ledger.Config{ID: id, Currency: ledger.IDR, Clock: fixedClock(), Chart: testChart()})
	require.NoError(t, err)
	for _, c := range eventfulCommands() {
		require.NoError(t, book.Update(ctx, c.do), c.name)
	}
	return book
}

func changesOf(t testing.TB, book *ledger.Book) []ledger.Change {
	t.Helper()
	var all []ledger.Change
	require.NoError(t, book.View(context.Background(), func(tx *ledger.Tx) error {
		for ch, err := range tx.Changes(1) {
			require.NoError(t, err)
			all = append(all, ch)
		}
		return nil
	}))
	return all
}
