package interchange_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/interchange"
)

// A CSV never panics, is refused with lines, and what is taken can be exported
// and read back as the same entries.
func FuzzImportCSV(f *testing.F) {
	f.Add([]byte(sheetHead + "2026-11-01,JU-1,\"Listrik, air\",60302,,635545,\n2026-11-01,JU-1,\"Listrik, air\",10102,,,635545\n"))
	f.Add([]byte("\ufeffcredit,debit,sub,code,key,date,phase,waiver,member,standing,activity,document,maker,approver,memo\n,5,,60302,K,2026-11-30,adjusting,w,,,operating,d,m,a,x\n5,,M1,30101,K,2026-11-30,adjusting,w,M1,candidate,,d,m,a,x\n"))
	f.Add([]byte(sheetHead + "2026-11-31,,x,,,0,\n2026-11-01,A,x,10102\n"))
	f.Add([]byte(sheetHead + "2026-11-01,K,\"a,10102,,1,\n"))
	f.Add([]byte("date,key,memo,memo,kode,debit\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		book := newBook(t, testChart())
		before := headOf(t, book)
		posted, err := interchange.ImportSheet(context.Background(), book, bytes.NewReader(text))
		if err != nil {
			require.ErrorIs(t, err, interchange.ErrFile)
			require.Equal(t, before, headOf(t, book))
			return
		}
		sheet, err := interchange.ReadSheet(strings.NewReader(view(t, book, exportEntries)), ledger.IDR)
		require.NoError(t, err)
		require.NoError(t, sheet.Err())
		var once []ledger.Entry
		for _, p := range posted {
			if !p.Repeat {
				once = append(once, p.Entry)
			}
		}
		require.Equal(t, once, sheet.Entries())
	})
}

// Lines never panic, and are refused as faulty or are the one form of the book
// that they give.
func FuzzImportJSONLines(f *testing.F) {
	text := view(f, newBook(f, testChart()[1:2]), exportBook)
	f.Add([]byte(text))
	f.Add([]byte(text[:600]))
	f.Add([]byte(strings.Replace(text, "Kas", `\u004bas`, 1)))
	f.Add([]byte(`{"mizan":1,"book":"a\\` + "\n"))
	f.Add([]byte(`{"mizan":1,"book":"a","currency":"IDR","digits":2}` + "\n" + `{"end":0,"entries":0,"head":"` + strings.Repeat("0", 64) + `"}` + "\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		book, err := importBook(ledger.NewMemory(), bytes.NewReader(text))
		if err != nil {
			// A header may also ask for a book that no store takes.
			var fault *interchange.Fault
			require.True(t, errors.As(err, &fault) || strings.HasPrefix(err.Error(), "ledger: "), "%v", err)
			return
		}
		require.True(t, string(text) == view(t, book, exportBook), "another form of the same book was taken")
	})
}

// The decoder by itself, where no digest stands in front of it: a line that it
// takes is, to the byte, what the encoder writes for the change that it gives.
func FuzzImportJSONLine(f *testing.F) {
	for _, book := range []*ledger.Book{smallBook(f), randomBook(f, 9, 20)} {
		lines := strings.SplitAfter(view(f, book, exportBook), "\n")
		for i, line := range lines[1 : len(lines)-2] {
			f.Add(uint64(i+1), []byte(line))
		}
	}
	f.Fuzz(func(t *testing.T, number uint64, line []byte) {
		again, err := interchange.Rewrite(number, line)
		if err != nil {
			require.ErrorIs(t, err, interchange.ErrFile)
			return
		}
		if first, _, _ := bytes.Cut(line, []byte("\n")); again != nil {
			require.Equal(t, string(first)+"\n", string(again))
		}
	})
}

// Whatever the book takes, its backup gives back.
func FuzzExportBook(f *testing.F) {
	for i, text := range nasty {
		f.Add(text, nasty[(i+3)%len(nasty)], nasty[(i+5)%len(nasty)], int64(i*i*i+1))
	}
	f.Add("\u2028", "a", "\n{}", int64(ledger.MaxMoney))
	f.Add("\x7f", "\u0085", "\"\xff\"", int64(-1))
	f.Fuzz(func(t *testing.T, memo, sub, data string, amount int64) {
		book := newBook(t, testChart())
		_, _ = book.Post(context.Background(), ledger.Entry{Key: "k" + sub, Date: nov(1), Memo: memo, Document: sub, Lines: []ledger.Line{
			ledger.Debit("10102", ledger.Minor(amount)), ledger.Credit("30101", ledger.Minor(amount)).For(sub),
		}})
		_ = book.Update(context.Background(), func(tx *ledger.Tx) error {
			_, err := tx.Save(ledger.Record{Key: "r", Kind: "x", ID: "1", Version: 1, Event: "e", Data: []byte(data), State: []byte("1")})
			return err
		})
		requireRestored(t, book)
	})
}

// What hledger is given can be read by hledger's rules: every entry with its
// number, day and memo, every posting with its account and amount.
func FuzzExportHledger(f *testing.F) {
	for i, text := range nasty {
		f.Add(text, nasty[(i+1)%len(nasty)], nasty[(i+2)%len(nasty)], nasty[(i+3)%len(nasty)])
	}
	f.Fuzz(func(t *testing.T, code, sub, memo, key string) {
		account := ledger.Account{Code: code, Name: memo, NameEn: sub, Kind: ledger.Syirkah, Normal: ledger.CreditSide, Control: true}
		chart := testChart()
		if account.Validate() != nil || append(chart, account).Validate() != nil {
			return
		}
		book := newBook(t, append(chart, account))
		entry := ledger.Entry{Key: key, Date: nov(1), Memo: memo, Document: sub, Lines: []ledger.Line{
			ledger.Debit("10102", ledger.Minor(7)).With(ledger.Party{Member: memo}), ledger.Credit(code, ledger.Minor(7)).For(sub),
		}}
		if _, err := book.Post(context.Background(), entry); err != nil {
			return
		}
		got := readJournal(t, view(t, book, exportHledger))
		require.Equal(t, []journalEntry{{
			day: "2026-11-01", number: "1", memo: memo, tags: tagsOf("key", key, "document", sub),
			postings: []journalPosting{
				{place{"10102", ""}, "0.07", tagsOf("member", memo)},
				{place{code, sub}, "-0.07", tagsOf()},
			},
		}}, got)
	})
}
