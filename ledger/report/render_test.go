package report_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/report"
)

func html(t testing.TB, language report.Language, reports ...report.Report) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, report.HTML(&b, language, reports...))
	return b.String()
}

// What the CSV form says is what the report says, to the last cent.
func TestCSVParsesBack(t *testing.T) {
	book := smallBook(t)
	card, err := instalmentCard().Report()
	require.NoError(t, err)
	for _, r := range []report.Report{
		statement(t, book, report.PositionByKind(), beforeClosing, afterClosing),
		statement(t, book, report.IncomeByKind("509"), wholeYear),
		statement(t, book, report.ZakatFund(), wholeYear),
		card,
	} {
		var file bytes.Buffer
		require.NoError(t, r.CSV(&file, report.CSVForm{Language: report.English}))
		records, err := csv.NewReader(&file).ReadAll()
		require.NoError(t, err)
		require.Equal(t, []string{"row", "key", "level"}, records[0][:3])
		for i, column := range r.Columns {
			require.Equal(t, column.Key, records[0][3+i])
		}
		records = records[1:]
		for _, row := range r.Rows {
			if row.Hidden || row.Kind == report.Blank {
				continue
			}
			record := records[0]
			records = records[1:]
			require.Equal(t, []string{row.Kind.String(), row.Key, strconv.Itoa(row.Level)}, record[:3])
			for i, cell := range row.Cells {
				if amount, ok := cell.Amount(); ok {
					read, err := ledger.IDR.Parse(record[3+i])
					require.NoError(t, err)
					require.Equal(t, amount, read)
					require.Regexp(t, `^-?\d+\.\d\d$`, record[3+i])
				} else if words := cell.Words(report.English); words != "" {
					require.Equal(t, words, record[3+i])
				}
			}
		}
		require.Empty(t, records)
	}
}

func TestCSVOfShares(t *testing.T) {
	r, err := shareTable().Report()
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, r.CSV(&file, report.CSVForm{LinesOnly: true}))
	require.Equal(t, strings.Join([]string{
		"account,member,name,product,balance_days,gross,tax,zakat,net",
		"M00001-SIMUDA,M00001,Siti Aisyah,SIMUDA,893234720.00,1056.00,,,1056.00",
		"M00002-SIJAKA,M00002,H. Abdul Karim,SIJAKA,112000000000.00,2600000.00,260000.00,,2340000.00",
		"",
	}, "\n"), file.String())
}

// Zakat by mandate has a column of its own, and is part of what a net is less.
func TestSharesWithZakat(t *testing.T) {
	table := shareTable()
	table.Rows[1].Zakat, table.Rows[1].Net = ledger.IDR.Of(58_500), ledger.IDR.Of(2_281_500)
	r, err := table.Report()
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, r.CSV(&file, report.CSVForm{LinesOnly: true}))
	require.Contains(t, file.String(), ",260000.00,58500.00,2281500.00\n")
	table.Rows[1].Zakat = ledger.IDR.Of(58_501)
	_, err = table.Report()
	require.ErrorIs(t, err, report.ErrRow)
	require.ErrorContains(t, err, "less tax 260000.00 and zakat 58501.00 is not net 2281500.00")
}

func TestHTMLEscapes(t *testing.T) {
	table := shareTable()
	table.Entity = `KSPPS <b>"Maju"</b>`
	table.Rows[0].Name = `<script>alert("x")</script>`
	table.Rows[0].Product = `a" onmouseover="b`
	r, err := table.Report()
	require.NoError(t, err)
	page := html(t, report.Indonesian, r)
	for _, raw := range []string{"<script", "<b>", `onmouseover="b`} {
		require.NotContains(t, page, raw)
	}
	require.Contains(t, page, "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;")
	require.Contains(t, page, `<html lang="id">`)
	require.Contains(t, html(t, report.English, r), `<html lang="en">`)
}

func TestHTMLPage(t *testing.T) {
	book := smallBook(t)
	position := statement(t, book, report.PositionByKind(), beforeClosing)
	income := statement(t, book, report.IncomeByKind("509"), wholeYear)
	position.Head, income.Head = ledger.Head{}, ledger.Head{}
	golden(t, "page.html", []byte(html(t, report.Indonesian, position, income)))
	page := html(t, report.Indonesian, position)
	for _, outside := range []string{"http:", "https:", "<script", "<link", "url("} {
		require.NotContains(t, page, outside, "the page must stand alone")
	}
	require.ErrorIs(t, report.HTML(&bytes.Buffer{}, report.Indonesian), report.ErrRequest)
}

// Columns stand under each other whatever letters the names have.
func TestWidths(t *testing.T) {
	trial := report.TrialBalance{At: yearEnd, Currency: ledger.IDR}
	names := []struct {
		name  string
		cells int // what it takes on a monospaced page; 0 where it is wrapped
	}{
		{"Kas", 3},
		{"Simpanan Mudharabah Berjangka Dua Puluh Empat Bulan bagi Anggota Luar Biasa dan Koperasi Lain di Kota Blitar", 0},
		{strings.Repeat("Panjangsekali", 12), 0},
		{"Zakāt fiṭr – é è ü", 18},
		{"صندوق الزَّكَاة", 12},
		{"天課基金 und 자카트", 19},
		{"cafe\u0301 \u200bx", 6},
		{"\tbaris\nbaru", 10},
	}
	for i, c := range names {
		amount := ledger.IDR.Of(1000)
		if i%2 == 1 {
			amount = amount.Neg()
		}
		require.NoError(t, noBalance(trial.Add(balances(ledger.Balance{
			Account: ledger.Account{Code: strconv.Itoa(100 + i), Name: c.name, Kind: ledger.Asset}, Amount: amount}))))
	}
	got := text(t, trial.Report(""))
	golden(t, "widths.txt", []byte(got))
	require.True(t, utf8.ValidString(got))
	require.NotContains(t, got, "\t")
	for _, word := range strings.Fields(names[1].name) {
		require.Contains(t, got, word, "nothing is cut off")
	}
	lines := strings.Split(got, "\n")
	for i, c := range names {
		for _, line := range lines {
			if c.cells > 0 && i%2 == 0 && strings.HasPrefix(line, strconv.Itoa(100+i)) {
				shown := utf8.RuneCountInString(line) - (utf8.RuneCountInString(c.name) - c.cells)
				require.Equal(t, len("100   ")+report.MaxTextWidth+len("  1.000"), shown, c.name)
			}
		}
	}
}

func noBalance(err error) error {
	if errors.Is(err, report.ErrUnbalanced) {
		return nil
	}
	return err
}

func TestLabels(t *testing.T) {
	both := report.Label{ID: "Kas", EN: "Cash"}
	require.Equal(t, "Kas", both.In(report.Indonesian))
	require.Equal(t, "Cash", both.In(report.English))
	require.Equal(t, "Kas", report.Label{ID: "Kas"}.In(report.English))
	require.Equal(t, "Cash", report.Label{EN: "Cash"}.In(report.Indonesian))
}

// A writer that fails is not passed over.
func TestWriteErrors(t *testing.T) {
	r, err := shareTable().Report()
	require.NoError(t, err)
	require.ErrorIs(t, r.Text(full{}, report.Indonesian), errFull)
	require.ErrorIs(t, r.CSV(full{}, report.CSVForm{}), errFull)
	require.ErrorIs(t, r.HTML(full{}, report.Indonesian), errFull)
}

var errFull = errors.New("disk full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
