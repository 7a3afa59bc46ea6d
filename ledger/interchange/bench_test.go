package interchange_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/interchange"
)

// The benchmarks handle one book of 200,000 entries again and again and report
// the time of one entry; what has a floor runs it in the same process and
// reports how many times as long it took itself ("x-floor"). An operation is
// one entry.
const benchEntries = 200_000

type benchData struct {
	book  *ledger.Book
	lines []byte // the book as JSON Lines
	sheet []byte // the same entries as CSV
}

var bench = sync.OnceValue(func() benchData { return benchBook(benchEntries) })

func benchBook(n int) benchData {
	ctx := context.Background()
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	book, err := ledger.Create(ctx, ledger.NewMemory(), config("kspps-melati"))
	must(err)
	const batch = 10_000
	for from := 0; from < n; from += batch {
		entries := make([]ledger.Entry, 0, batch)
		for i := from; i < min(n, from+batch); i++ {
			sub := fmt.Sprintf("M%04d-SIMUDA", i%5000)
			entries = append(entries, ledger.Entry{
				Key: "teller-7/" + strconv.Itoa(i), Date: ledger.On(2026, 1, 1).AddDays(i * 365 / n), Memo: "Setoran tunai", Maker: "siti",
				Lines: []ledger.Line{
					ledger.Debit("10102", rp(int64(i%900+100))),
					ledger.Credit("30101", rp(int64(i%900+100))).For(sub).With(ledger.Party{Member: sub[:5], Standing: ledger.Member}),
				},
			})
		}
		_, err := book.PostAll(ctx, entries)
		must(err)
	}
	var lines, sheet bytes.Buffer
	must(book.View(ctx, func(tx *ledger.Tx) error {
		if err := interchange.ExportEntries(&sheet, tx); err != nil {
			return err
		}
		return interchange.ExportBook(&lines, tx)
	}))
	return benchData{book, lines.Bytes(), sheet.Bytes()}
}

// perEntry reports the time of one entry, and how it compares with a floor
// that deals with all entries once.
func perEntry(b *testing.B, floor func()) {
	b.Helper()
	each := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / benchEntries
	b.ReportMetric(each, "ns/entry")
	if floor == nil {
		return
	}
	runtime.GC()
	const rounds = 3
	began := time.Now()
	for range rounds {
		floor()
	}
	least := float64(time.Since(began).Nanoseconds()) / rounds / benchEntries
	b.ReportMetric(least, "floor-ns/entry")
	b.ReportMetric(each/least, "x-floor")
}

// wireChange is what encoding/json makes of a line.
type wireChange struct {
	N        uint64          `json:"n"`
	At       int64           `json:"at"`
	Key      string          `json:"key"`
	Cmd      string          `json:"cmd"`
	Ask      string          `json:"ask"`
	Kind     string          `json:"kind"`
	Sum      string          `json:"sum"`
	Chain    string          `json:"chain"`
	Entry    uint64          `json:"entry"`
	Date     string          `json:"date"`
	Memo     string          `json:"memo"`
	Document string          `json:"document"`
	Maker    string          `json:"maker"`
	Approver string          `json:"approver"`
	Phase    string          `json:"phase"`
	Waiver   string          `json:"waiver"`
	Reverses uint64          `json:"reverses"`
	Imported bool            `json:"imported"`
	Lines    []wireLine      `json:"lines"`
	Content  json.RawMessage `json:"content"`
}

type wireLine struct {
	A, S string
	M    int64
	P    string
	St   string
	Ac   string
}

// decodeAll is what nobody can read a book from JSON without: encoding/json
// decodes its lines.
func decodeAll(b *testing.B, lines []byte) {
	in := json.NewDecoder(bytes.NewReader(lines))
	for {
		var ch wireChange
		if err := in.Decode(&ch); err == io.EOF {
			return
		} else if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkImportBook imports, verifies and sums a book. The floor merely
// decodes the same lines with encoding/json, in turns with the import, so that
// what else the machine does slows both.
func BenchmarkImportBook(b *testing.B) {
	data := bench()
	b.SetBytes(int64(len(data.lines)))
	b.ReportAllocs()
	least := time.Duration(0)
	for b.Loop() {
		importAndSum(b, data.lines)
		b.StopTimer()
		runtime.GC()
		began := time.Now()
		decodeAll(b, data.lines)
		least += time.Since(began)
		runtime.GC()
		b.StartTimer()
	}
	perEntry(b, nil)
	b.ReportMetric(float64(least.Nanoseconds())/float64(b.N)/benchEntries, "floor-ns/entry")
	b.ReportMetric(float64(b.Elapsed())/float64(least), "x-floor")
}

func importAndSum(b *testing.B, lines []byte) {
	ctx := context.Background()
	book, err := interchange.ImportBook(ctx, ledger.NewMemory(), ledger.Config{Clock: clock()}, bytes.NewReader(lines))
	require.NoError(b, err)
	var debits ledger.Money
	require.NoError(b, book.View(ctx, func(tx *ledger.Tx) error {
		for balance, err := range tx.Balances(ledger.Latest()) {
			if err != nil {
				return err
			}
			debits = debits.Add(balance.Amount.Max(ledger.Money{}))
		}
		return nil
	}))
	if debits.IsZero() {
		b.Fatal("no balances")
	}
}

func BenchmarkExport(b *testing.B) {
	data := bench()
	exports := []struct {
		name string
		run  func(io.Writer, *ledger.Tx) error
	}{
		{"book", interchange.ExportBook},
		{"hledger", interchange.ExportHledger},
		{"beancount", interchange.ExportBeancount},
		{"entries", interchange.ExportEntries},
	}
	for _, export := range exports {
		b.Run(export.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				require.NoError(b, data.book.View(context.Background(), func(tx *ledger.Tx) error { return export.run(io.Discard, tx) }))
			}
			// The floor writes the same entries with encoding/json.
			perEntry(b, func() {
				out := json.NewEncoder(io.Discard)
				require.NoError(b, data.book.View(context.Background(), func(tx *ledger.Tx) error {
					for ch, err := range tx.Changes(1) {
						if err != nil {
							return err
						}
						if ch.Posted == nil {
							continue
						}
						if err := out.Encode(&ch.Posted.Entry); err != nil {
							return err
						}
					}
					return nil
				}))
			})
		})
	}
}

// BenchmarkReadSheet reads a CSV without posting it. The floor only splits it
// into cells.
func BenchmarkReadSheet(b *testing.B) {
	data := bench()
	b.SetBytes(int64(len(data.sheet)))
	b.ReportAllocs()
	for b.Loop() {
		sheet, err := interchange.ReadSheet(bytes.NewReader(data.sheet), ledger.IDR)
		require.NoError(b, err)
		require.NoError(b, sheet.Err())
	}
	perEntry(b, func() {
		in := csv.NewReader(bytes.NewReader(data.sheet))
		in.ReuseRecord = true
		for {
			if _, err := in.Read(); err == io.EOF {
				return
			} else if err != nil {
				b.Fatal(err)
			}
		}
	})
}
