package interchange_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// clock ticks a microsecond at every look, so that two runs give the same digests.
func clock() func() time.Time {
	now := time.Date(2026, time.January, 1, 8, 0, 0, 0, time.UTC)
	return func() time.Time {
		now = now.Add(time.Microsecond)
		return now
	}
}

func testChart() ledger.Chart {
	return ledger.Chart{
		{Code: "1", Name: "Aset", Kind: ledger.Asset, Normal: ledger.DebitSide, Header: true},
		{Code: "10102", Name: "Kas Teller", NameEn: "Teller cash", Kind: ledger.Asset, Normal: ledger.DebitSide},
		{Code: "20101", Name: "Simpanan Wadiah", Kind: ledger.Liability, Normal: ledger.CreditSide, Control: true},
		{Code: "30101", Name: "Simpanan Mudharabah", Kind: ledger.Syirkah, Normal: ledger.CreditSide, Control: true},
		{Code: "40402", Name: "SHU Tahun Berjalan", Kind: ledger.Equity, Normal: ledger.CreditSide},
		{Code: "50101", Name: "Pendapatan Margin", Kind: ledger.Income, Normal: ledger.CreditSide},
		{Code: "60302", Name: "Listrik, air, telepon", Kind: ledger.Expense, Normal: ledger.DebitSide},
		{Code: "80202", Name: "Zakat Diterima", Kind: ledger.Zakat, Normal: ledger.CreditSide},
		{Code: "90201", Name: "Infak", Kind: ledger.Benevolent, Normal: ledger.CreditSide},
		{Code: "99101", Name: "Hapus Buku", Kind: ledger.Memorandum, Normal: ledger.DebitSide, Control: true},
		{Code: "99199", Name: "Lawan Administratif", Kind: ledger.Memorandum, Normal: ledger.CreditSide},
	}
}

func config(id string) ledger.Config {
	return ledger.Config{ID: id, Currency: ledger.IDR, Chart: testChart(), Clock: clock()}
}

// newBook returns an empty book; in the end of the test it must be sound.
func newBook(tb testing.TB, chart ledger.Chart) *ledger.Book {
	tb.Helper()
	c := config("kspps-melati")
	c.Chart = chart
	book, err := ledger.Create(context.Background(), ledger.NewMemory(), c)
	require.NoError(tb, err)
	tb.Cleanup(func() { requireSound(tb, book) })
	return book
}

func requireSound(tb testing.TB, book *ledger.Book) {
	tb.Helper()
	for finding, err := range book.Check(context.Background()) {
		require.NoError(tb, err)
		tb.Error(finding)
	}
}

// view runs an export and returns what it wrote.
func view(tb testing.TB, book *ledger.Book, export func(*bytes.Buffer, *ledger.Tx) error) string {
	tb.Helper()
	var out bytes.Buffer
	require.NoError(tb, book.View(context.Background(), func(tx *ledger.Tx) error { return export(&out, tx) }))
	return out.String()
}

type place struct{ code, sub string }

// balancesOf returns every balance that is not zero.
func balancesOf(tb testing.TB, book *ledger.Book) map[place]ledger.Money {
	tb.Helper()
	all := make(map[place]ledger.Money)
	require.NoError(tb, book.View(context.Background(), func(tx *ledger.Tx) error {
		for b, err := range tx.Balances(ledger.Latest()) {
			require.NoError(tb, err)
			all[place{b.Account.Code, b.Sub}] = b.Amount
		}
		return nil
	}))
	return all
}

func entriesOf(tb testing.TB, book *ledger.Book) []ledger.Posted {
	tb.Helper()
	var all []ledger.Posted
	require.NoError(tb, book.View(context.Background(), func(tx *ledger.Tx) error {
		for p, err := range tx.Entries(1) {
			require.NoError(tb, err)
			all = append(all, p)
		}
		return nil
	}))
	return all
}

func numberOf(p ledger.Posted) string { return strconv.FormatUint(p.Number, 10) }

func nov(day int) ledger.Date { return ledger.On(2026, time.November, day) }

func rp(n int64) ledger.Money { return ledger.IDR.Of(n) }

// smallBook has one change of every kind, and texts that other programs might
// take for something else.
func smallBook(tb testing.TB) *ledger.Book {
	tb.Helper()
	ctx := context.Background()
	book := newBook(tb, testChart())
	do := func(fn func(*ledger.Tx) error) {
		tb.Helper()
		require.NoError(tb, book.Update(ctx, fn))
	}
	post := func(e ledger.Entry) {
		tb.Helper()
		_, err := book.Post(ctx, e)
		require.NoError(tb, err)
	}
	do(func(tx *ledger.Tx) error {
		return tx.OpenSub(ledger.SubOpening{Key: "buka/1", Account: "30101", Sub: "M0001-SIMUDA", Holder: "M0001", Floor: ledger.HardFloor(rp(0)), By: "Siti"})
	})
	post(ledger.Entry{Key: "T-1", Date: nov(10), Memo: "Setoran tunai; buku | no. 5", Document: "kw/1, lembar 2", Maker: "Siti", Approver: "Umar", Lines: []ledger.Line{
		ledger.Debit("10102", rp(100_000)).In(ledger.Operating),
		ledger.Credit("30101", rp(100_000)).For("M0001-SIMUDA").With(ledger.Party{Member: "M0001", Standing: ledger.Member}),
	}})
	post(ledger.Entry{Key: "T-2", Date: nov(11), Memo: `* Listrik "PLN"  \ 2,5% [2025-01-01] %3B`, Lines: []ledger.Line{
		ledger.Debit("60302", ledger.Minor(12_345)), ledger.Credit("10102", ledger.Minor(12_345)),
	}})
	do(func(tx *ledger.Tx) error {
		if _, _, err := tx.Repeat(ledger.Command{Key: "T-3", Kind: "infak.terima", Content: ledger.NewContent("infak.terima").Digest()}); err != nil {
			return err
		}
		_, err := tx.Post(ledger.Entry{Date: nov(5), Memo: "(mundur) infak é بسم", Source: ledger.Source{Kind: "infak", ID: "9", Version: 1, Event: "terima"}, Lines: []ledger.Line{
			ledger.Debit("10102", ledger.Minor(7)), ledger.Credit("90201", ledger.Minor(7)).In(ledger.Fund),
		}})
		if err != nil {
			return err
		}
		_, err = tx.Save(ledger.Record{Kind: "infak", ID: "9", Version: 1, Event: "terima", Format: 1, State: []byte(`{}`)})
		return err
	})
	post(ledger.Entry{Key: "T-4", Date: nov(12), Memo: "hapus buku", Lines: []ledger.Line{
		ledger.Debit("99101", rp(50)).For(`A:1, "lama" (é)`), ledger.Credit("99199", rp(50)),
	}})
	_, err := book.Reverse(ctx, ledger.Reversal{Key: "R-1", Entry: 2, Date: nov(13), Reason: "salah bulan"})
	require.NoError(tb, err)
	do(func(tx *ledger.Tx) error {
		_, err := tx.Import(ledger.Entry{Key: "lama/1", Date: ledger.On(2025, 1, 31), Memo: "saldo lama", Waiver: "pindahan", Lines: []ledger.Line{
			ledger.Debit("10102", rp(1)), ledger.Credit("40402", rp(1)),
		}})
		return err
	})
	do(func(tx *ledger.Tx) error {
		_, err := tx.Save(ledger.Record{Key: "M-1", Kind: "murabahah", ID: "K1", Version: 1, Event: "order", Data: []byte("{\n\"harga\": 1}"), Format: 1, State: []byte(`{"a":[1,"]\"}"]}`)})
		return err
	})
	do(func(tx *ledger.Tx) error {
		_, err := tx.Save(ledger.Record{Key: "M-2", Kind: "murabahah", ID: "K1", Version: 2, Event: "batal", Format: -1, State: []byte(`"\ud800"`)})
		return err
	})
	do(func(tx *ledger.Tx) error {
		_, err := tx.Hold(ledger.Hold{Key: "H-1", Account: "30101", Sub: "M0001-SIMUDA", Amount: rp(60_000), From: nov(13), Reason: "jaminan", By: "Umar"})
		return err
	})
	do(func(tx *ledger.Tx) error {
		_, err := tx.Capture(ledger.Release{Key: "C-1", Hold: "H-1", Amount: rp(20_000), Reason: "angsuran", By: "Umar"}, ledger.Entry{Date: nov(14), Memo: "angsuran", Lines: []ledger.Line{
			ledger.Debit("30101", rp(20_000)).For("M0001-SIMUDA"), ledger.Credit("50101", rp(20_000)),
		}})
		return err
	})
	do(func(tx *ledger.Tx) error {
		return tx.SetBlock(ledger.BlockSetting{Key: "B-1", Account: "20101", Sub: "M2", Block: ledger.FullBlock, Reason: "buku hilang <&>", By: "Umar"})
	})
	do(func(tx *ledger.Tx) error {
		return tx.Assert(ledger.Assertion{Key: "A-1", Account: "50101", Date: nov(14), Balance: rp(-20_000), Document: "hitung", By: "Umar"})
	})
	do(func(tx *ledger.Tx) error {
		if err := tx.Close(ledger.PeriodClosing{Key: "P-1", Through: nov(20), Soft: true}); err != nil {
			return err
		}
		_, err := tx.Post(ledger.Entry{Key: "J-1", Date: nov(20), Phase: ledger.Adjusting, Lines: []ledger.Line{
			ledger.Debit("60302", rp(3)), ledger.Credit("80202", rp(3)),
		}})
		return err
	})
	do(func(tx *ledger.Tx) error {
		return tx.AddAccount("akun/1", ledger.Account{Code: "(60303) lain", Name: "Lain: type:A, x", Kind: ledger.Expense, Normal: ledger.DebitSide})
	})
	return book
}

// nasty are texts that mean something to one format or another.
var nasty = []string{
	"", "Setoran tunai", "a;b", "a  b", " depan", "belakang ", "a\u00a0b", "a\u3000", "* pilih", "! awas", "(12) kode", "[2025-01-01]", "a|b",
	`"kutip"`, `\`, `a\"b`, "%3B", "%", "%%41", "2,5% dari", "50%AB", "a:b", "a::b", ":", "=x", "= 5", "@ 3", "{1}", "#tag ^link", "key: x, date:2024-01-01",
	"-x41", "X-x00", "X-x00A", "-", "--x2D", "aBC", "éa", "بسم الله", "利", "a/b_c.d", "IDR 5.00", "5  IDR 5.00", "~", "&", "a\u2007b", "'", "`", "end\u200b",
}

// randomBook posts n entries made up from a seed, with names and texts that
// are as hard as the book allows.
func randomBook(tb testing.TB, seed uint64, n int) *ledger.Book {
	tb.Helper()
	tb.Logf("random book: seed %d, %d entries", seed, n)
	rng := rand.New(rand.NewPCG(seed, 7))
	pick := func() string { return nasty[rng.IntN(len(nasty))] }
	some := func() string { return pick() + pick() }
	name := func(text func() string) string {
		for {
			if s := text(); ledger.NameFault(s, ledger.MaxSub) == "" {
				return s
			}
		}
	}
	chart := testChart()
	taken := map[string]bool{}
	for kind := ledger.Asset; kind < ledger.Memorandum; kind++ {
		for range 4 {
			a := ledger.Account{Code: strings.TrimSpace(some() + pick()), Name: some(), NameEn: some(), Kind: kind, Normal: kind.Side(), Control: rng.IntN(2) == 0}
			if a.Validate() == nil && !taken[a.Code] {
				taken[a.Code] = true
				chart = append(chart, a)
			}
		}
	}
	book := newBook(tb, chart)
	var lines []ledger.Line
	for _, a := range chart {
		if a.Header || a.Kind == ledger.Memorandum {
			continue
		}
		for range 3 {
			l := ledger.Line{Account: a.Code}
			if a.Control {
				l.Sub = name(some) + "."
			}
			lines = append(lines, l)
		}
	}
	entries := make([]ledger.Entry, n)
	for i := range entries {
		e := ledger.Entry{
			Key: fmt.Sprintf("%s/%d", name(some), i), Date: ledger.On(2026, 1, 1).AddDays(rng.IntN(365)), Memo: some(),
			Document: pick(), Maker: pick(), Approver: pick(), Waiver: pick(), Phase: ledger.Phase(rng.IntN(3)),
		}
		var sum ledger.Money
		for range 1 + rng.IntN(4) {
			l := lines[rng.IntN(len(lines))]
			l.Amount = ledger.Minor(1 + rng.Int64N(1_000_000_00))
			if rng.IntN(2) == 0 {
				l.Amount = l.Amount.Neg()
			}
			l.Party = ledger.Party{Member: name(pick), Standing: ledger.Standing(rng.IntN(4))}
			l.Activity = ledger.Activity(rng.IntN(5))
			sum = sum.Add(l.Amount)
			e.Lines = append(e.Lines, l)
		}
		if sum.IsZero() {
			e.Lines[0].Amount = e.Lines[0].Amount.Add(rp(10_000_000))
			sum = rp(10_000_000)
		}
		last := lines[rng.IntN(len(lines))]
		last.Amount = sum.Neg()
		e.Lines = append(e.Lines, last)
		if rng.IntN(5) == 0 {
			amount := ledger.Minor(1 + rng.Int64N(999))
			e.Lines = append(e.Lines, ledger.Debit("99101", amount).For(name(some)+"."), ledger.Credit("99199", amount))
		}
		entries[i] = e
	}
	_, err := book.PostAll(context.Background(), entries)
	require.NoError(tb, err)
	return book
}
