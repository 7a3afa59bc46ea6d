package interchange_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/interchange"
)

func exportEntries(out *bytes.Buffer, tx *ledger.Tx) error {
	return interchange.ExportEntries(out, tx)
}

func importSheet(book *ledger.Book, text string) ([]ledger.Posted, error) {
	return interchange.ImportSheet(context.Background(), book, strings.NewReader(text))
}

const sheetHead = "date,key,memo,code,sub,debit,credit\n"

func TestSheetIsPosted(t *testing.T) {
	book := newBook(t, testChart())
	text := sheetHead + "" +
		"2026-11-01,JU-1,\"Listrik, air\",60302,,635545,\n" +
		"2026-11-01,JU-1,\"Listrik, air\",10102,,,635545\n" +
		"2026-11-02,JU-2,Setoran,10102,,1000.5,\n" +
		"2026-11-02,JU-2,Setoran,30101,M1,,1000.50\n" +
		"2026-11-01,JU-1,\"Listrik, air\",60302,,635545.00,\n" + // the same again
		"2026-11-01,JU-1,\"Listrik, air\",10102,,,635545\n"
	posted, err := importSheet(book, text)
	require.NoError(t, err)
	require.Len(t, posted, 3)
	require.False(t, posted[0].Repeat)
	require.Equal(t, []ledger.Line{ledger.Debit("60302", rp(635_545)), ledger.Credit("10102", rp(635_545))}, posted[0].Lines)
	require.Equal(t, "Listrik, air", posted[0].Memo)
	require.Equal(t, nov(1), posted[0].Date)
	require.Equal(t, ledger.Credit("30101", ledger.Minor(100_050)).For("M1"), posted[1].Lines[1])
	require.True(t, posted[2].Repeat)

	head := headOf(t, book)
	require.NoError(t, book.CloseThrough(context.Background(), ledger.PeriodClosing{Key: "tutup", Through: nov(30)}))
	posted, err = importSheet(book, text)
	require.NoError(t, err, "a repeat succeeds even if the period closed meanwhile")
	for _, p := range posted {
		require.True(t, p.Repeat)
	}
	require.Equal(t, head.Entries, headOf(t, book).Entries)
}

// Every column that a sheet may have, in another order.
func TestSheetColumns(t *testing.T) {
	book := newBook(t, testChart())
	posted, err := importSheet(book, "\ufeffcredit,debit,sub,code,key,date,phase,waiver,member,standing,activity,document,maker,approver,memo\n"+
		",5,,60302,K,2026-11-30,adjusting,w,,,operating,d,m,a,x\n"+
		"5,,M1,30101,K,2026-11-30,adjusting,w,M1,candidate,,d,m,a,x\n")
	require.NoError(t, err)
	require.Equal(t, ledger.Entry{
		Key: "K", Date: nov(30), Memo: "x", Document: "d", Maker: "m", Approver: "a", Phase: ledger.Adjusting, Waiver: "w",
		Lines: []ledger.Line{
			ledger.Debit("60302", rp(5)).In(ledger.Operating),
			ledger.Credit("30101", rp(5)).For("M1").With(ledger.Party{Member: "M1", Standing: ledger.Candidate}),
		},
	}, posted[0].Entry)
}

func TestSheetFaults(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", "interchange: line 1: the file has no header line"},
		{"columns", "date,key,memo,memo,kode,debit\n", `interchange: line 1: memo: is a column twice
interchange: line 1: kode: is not a column that entries have
interchange: line 1: code: is missing from the columns
interchange: line 1: credit: is missing from the columns`},
		{"column that does not print", "date,key,memo,code,debit,credit,\"a\x1b[2Jb\"\n", `interchange: line 1: "a\x1b[2Jb": is not a column that entries have`},
		{"quotes", sheetHead + "2026-11-01,K,\"a,10102,,1,\n", `interchange: line 2: is not CSV: extraneous or missing " in quoted-field`},
		{"cells", sheetHead +
			"2026-11-31,,x,,,0,\n" +
			"2026-11-01,A,x,10102,,1.005,\n" +
			"2026-11-01,A,x,10102,,,-1\n" +
			"2026-11-01,A,x,10102,,1,1\n" +
			"2026-11-01,A,x,10102,,,\n" +
			"2026-11-01,B,x,10102\n", `interchange: line 2: key: is missing
interchange: line 2: date: "2026-11-31" is not a date: no such day between 1900 and 9999
interchange: line 2: code: is missing
interchange: line 2: debit: "0" is not above zero
interchange: line 3: debit: "1.005" is not an amount: more than 2 decimals
interchange: line 4: credit: "-1" is not above zero
interchange: line 5: credit: there is a debit too: a line has one of them
interchange: line 6: debit: there is neither debit nor credit
interchange: line 7: has 4 columns, the header has 7`},
		{"rows of one entry", sheetHead +
			"2026-11-01,A,x,10102,,1,\n" +
			"2026-11-02,A,x,60302,,,1\n" +
			"2026-11-01,B,x,10102,,1,\n" +
			"2026-11-01,B,y,60302,,,1\n", `interchange: line 3: date: "2026-11-02" differs from "2026-11-01" in line 2, which has the same key
interchange: line 5: memo: "y" differs from "x" in line 4, which has the same key`},
		{"names", strings.TrimSpace(sheetHead) + ",phase,standing\n2026-11-01,A,x,10102,,1,,late,friend\n",
			`interchange: line 2: phase: unknown phase "late", want one of: ordinary, adjusting, closing
interchange: line 2: standing: unknown standing "friend", want one of: member, candidate, other`},
		{"refused by the book", sheetHead +
			"2026-11-01,A,x,10102,,1,\n" + // 2
			"2026-11-01,A,x,60302,,,2\n" +
			"2026-11-01,B,x,99,,1,\n" + // 4
			"2026-11-01,B,x,30101,,,1\n" +
			"2026-11-01,C,ok,10102,,1,\n" +
			"2026-11-01,C,ok,50101,,,1\n" +
			"2026-11-01,C,lain,10102,,1,\n" + // 8
			"2026-11-01,C,lain,50101,,,1\n" +
			"bukan,D,x,10102,,1,\n", // 10
			`interchange: line 2: "A": credits exceed debits by 1.00
interchange: line 4: "B": line 1: account 99: is not in the chart
interchange: line 5: "B": line 2: account 30101: is a control account: the line needs a sub key
interchange: line 8: memo: "lain" differs from "ok" in line 6, which has the same key
interchange: line 10: date: "bukan" is not a date: not of the form YYYY-MM-DD`},
	} {
		t.Run(test.name, func(t *testing.T) {
			book := newBook(t, testChart())
			before := headOf(t, book)
			_, err := importSheet(book, test.text)
			require.ErrorIs(t, err, interchange.ErrFile)
			require.Equal(t, test.want, err.Error())
			require.Equal(t, before, headOf(t, book), "nothing was posted")
		})
	}
}

// What the book refuses is found behind the fault of the file.
func TestSheetFaultsCarryRefusals(t *testing.T) {
	book := newBook(t, testChart())
	_, err := importSheet(book, sheetHead+
		"2026-11-01,A,x,10102,,1,\n2026-11-01,A,x,60302,,,2\n"+
		"2026-11-01,B,x,10102,,1,\n2026-11-01,B,x,60302,,,1\n"+
		"2026-11-01,C,x,10102,,1,\n2026-11-01,C,x,60302,,,1\n"+
		"2026-11-01,B,x,10102,,7,\n2026-11-01,B,x,60302,,,7\n")
	require.ErrorIs(t, err, ledger.ErrUnbalanced)
	require.ErrorIs(t, err, ledger.ErrKeyConflict)
	var faults *interchange.Faults
	require.ErrorAs(t, err, &faults)
	require.Equal(t, []int{2, 8}, []int{faults.List[0].Line, faults.List[1].Line})
	var refusal *ledger.Refusal
	require.ErrorAs(t, faults.List[0], &refusal)
	require.Equal(t, ledger.CodeUnbalanced, refusal.Code)
}

// Floors and blocks bind a sheet, but not one of history.
func TestSheetOfHistory(t *testing.T) {
	ctx := context.Background()
	book := newBook(t, testChart())
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		return tx.OpenSub(ledger.SubOpening{Key: "buka", Account: "30101", Sub: "M1", Holder: "M1", Floor: ledger.HardFloor(rp(0)), By: "Siti"})
	}))
	text := sheetHead + "2026-11-01,A,x,30101,M1,5,\n2026-11-01,A,x,10102,,,5\n" +
		"2026-11-02,B,x,30101,M1,,5\n2026-11-02,B,x,10102,,5,\n"
	_, err := importSheet(book, text)
	require.ErrorIs(t, err, ledger.ErrFloor)
	require.ErrorContains(t, err, "interchange: line 2: ")

	faulty, err := interchange.ReadSheet(strings.NewReader(sheetHead+"2026-11-01,A,x,30101,M1,5,\n2026-11-01,A,x,10102,,,4\n"), ledger.IDR)
	require.NoError(t, err)
	update := func(post func(*ledger.Tx) ([]ledger.Posted, error)) error {
		return book.Update(ctx, func(tx *ledger.Tx) error { _, err := post(tx); return err })
	}
	err = update(faulty.Post)
	require.ErrorIs(t, err, ledger.ErrUnbalanced)
	require.ErrorIs(t, err, ledger.ErrFloor)
	err = update(faulty.Import)
	require.ErrorIs(t, err, ledger.ErrUnbalanced)
	require.NotErrorIs(t, err, ledger.ErrFloor)

	sheet, err := interchange.ReadSheet(strings.NewReader(text), ledger.IDR)
	require.NoError(t, err)
	require.Len(t, sheet.Entries(), 2)
	require.NoError(t, sheet.Err())
	require.NoError(t, update(sheet.Import))
	for _, p := range entriesOf(t, book) {
		require.True(t, p.Imported)
	}
}

func TestSheetLimits(t *testing.T) {
	book := newBook(t, testChart())
	_, err := importSheet(book, sheetHead+strings.Repeat("2026-11-01,A,x,10102,,0,\n", interchange.MaxFaults))
	var faults *interchange.Faults
	require.ErrorAs(t, err, &faults)
	require.Len(t, faults.List, interchange.MaxFaults)
	require.Zero(t, faults.More)
	_, err = importSheet(book, sheetHead+strings.Repeat("2026-11-01,A,x,10102,,0,\n", interchange.MaxFaults+1))
	require.ErrorAs(t, err, &faults)
	require.Len(t, faults.List, interchange.MaxFaults)
	require.Equal(t, 1, faults.More)
	require.ErrorContains(t, err, "\ninterchange: and 1 more")

	broken := errors.New("cable")
	_, err = interchange.ImportSheet(context.Background(), book, iotest.ErrReader(broken))
	require.ErrorIs(t, err, broken)
	require.NotErrorIs(t, err, interchange.ErrFile)
}

// What goes out comes back: the same balances, and the same texts.
func TestEntriesReadBack(t *testing.T) {
	eachBook(t, func(t *testing.T, book *ledger.Book) {
		text := view(t, book, exportEntries)
		sheet, err := interchange.ReadSheet(strings.NewReader(text), ledger.IDR)
		require.NoError(t, err)
		require.NoError(t, sheet.Err())
		var want []ledger.Entry
		for _, p := range entriesOf(t, book) {
			p.Source = ledger.Source{}
			want = append(want, p.Entry)
		}
		require.Equal(t, want, sheet.Entries())

		var chart ledger.Chart
		require.NoError(t, book.View(context.Background(), func(tx *ledger.Tx) error {
			for a, err := range tx.Accounts() {
				require.NoError(t, err)
				chart = append(chart, a)
			}
			return nil
		}))
		other := newBook(t, chart)
		_, err = importSheet(other, text)
		require.NoError(t, err)
		require.Equal(t, balancesOf(t, book), balancesOf(t, other))
	})
}

// Two entries of one command stay two, and so conflict instead of becoming one.
func TestEntriesOfOneCommandAreNotMerged(t *testing.T) {
	ctx := context.Background()
	book := newBook(t, testChart())
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		if _, _, err := tx.Repeat(ledger.Command{Key: "K", Kind: "test"}); err != nil {
			return err
		}
		for range 2 {
			if _, err := tx.Post(ledger.Entry{Date: nov(1), Lines: []ledger.Line{ledger.Debit("10102", rp(1)), ledger.Credit("50101", rp(1))}}); err != nil {
				return err
			}
		}
		return nil
	}))
	sheet, err := interchange.ReadSheet(strings.NewReader(view(t, book, exportEntries)), ledger.IDR)
	require.NoError(t, err)
	require.Len(t, sheet.Entries(), 2)
}

func TestBalancesAreExported(t *testing.T) {
	book := smallBook(t)
	at := func(m ledger.Moment) string {
		return view(t, book, func(out *bytes.Buffer, tx *ledger.Tx) error { return interchange.ExportBalances(out, tx, m) })
	}
	require.Equal(t, "code,sub,balance\n10102,,100001.07\n30101,M0001-SIMUDA,-80000.00\n40402,,-1.00\n50101,,-20000.00\n"+
		"60302,,3.00\n80202,,-3.00\n90201,,-0.07\n99101,\"A:1, \"\"lama\"\" (é)\",50.00\n99199,,-50.00\n", at(ledger.Latest()))
	require.Equal(t, "code,sub,balance\n10102,,1.07\n40402,,-1.00\n90201,,-0.07\n", at(ledger.EndOf(nov(9))))
}
