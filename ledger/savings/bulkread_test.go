package savings_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

func TestReadBulk(t *testing.T) {
	text := "\ufeffnote,amount,product,member,key\r\n" +
		"\"Lembur, \"\"Maret\"\"\",150000.50,SIMUDA,M1,G/1\r\n" +
		"\r\n" +
		",25000,wajib,M2,G/2"
	list, err := savings.ReadBulk(strings.NewReader(text), ledger.IDR)
	require.NoError(t, err)
	require.Equal(t, savings.BulkList{Lines: []savings.BulkLine{
		{Line: 2, Key: "G/1", Member: "M1", Product: "SIMUDA", Amount: ledger.Minor(15_000_050), Note: `Lembur, "Maret"`},
		{Line: 4, Key: "G/2", Member: "M2", Product: "wajib", Amount: rupiah(25_000)},
	}}, list)

	list, err = savings.ReadBulk(strings.NewReader("key,account,amount\nG/1,M1-SIWA,1\n"), ledger.IDR)
	require.NoError(t, err)
	require.Equal(t, []savings.BulkLine{{Line: 2, Key: "G/1", Account: "M1-SIWA", Amount: rupiah(1)}}, list.Lines)
}

// Rows that cannot be read are told beside those that can, and by the desk
// together with what it refuses.
func TestReadBulkTellsAllFaults(t *testing.T) {
	book, desk := newFullDesk(t)
	opens(t, desk, "M1", "WAJIB")
	list, err := savings.ReadBulk(strings.NewReader(strings.Join([]string{
		"key,member,product,amount,note",
		"G/1,M1,wajib,25000,",
		"G/2,M1,wajib,25.000,",
		"G/3,M1,wajib,25000.005,",
		"G/4,M1,wajib,Rp25000,",
		"G/5,M1,wajib,,",
		"G/6,M1,wajib,25000",
		`G/7,M1,wajib,25000,"Gaji`,
		`G/8,M1,wajib,25000,"Gaji" Maret`,
		`G/9,M1,wa"jib,25000,`,
		"G/10,M\xff,wajib,25000,",
		"G/11,M9,wajib,25000,",
		"G/12,M1,,25000,",
		",M1,wajib,25000,",
		"G/14,M1,wajib,0,",
		"G/15,M1,wajib,25000,tab\there",
	}, "\n")), ledger.IDR)
	require.NoError(t, err)
	require.Len(t, list.Lines, 6)
	head, err := book.Head(ctx)
	require.NoError(t, err)
	b := payroll()
	b.List = list
	_, err = desk.DepositAll(ctx, b)
	var all *savings.BulkError
	require.ErrorAs(t, err, &all)
	require.Equal(t, 15, all.Lines)
	var says []string
	for _, f := range all.Faults {
		says = append(says, f.Error())
	}
	require.Equal(t, []string{
		`line 3: key "G/2": member M1: "25.000" is not an amount: more than 2 decimals`,
		`line 4: key "G/3": member M1: "25000.005" is not an amount: more than 2 decimals`,
		`line 5: key "G/4": member M1: "Rp25000" is not an amount: not a number`,
		`line 6: key "G/5": member M1: the amount is missing`,
		`line 7: 4 fields, the header has 5`,
		`line 8: a quoted field that is not closed on its line`,
		`line 9: text after the closing quote of a field`,
		`line 10: a quote inside a field that does not begin with one`,
		`line 11: not valid UTF-8`,
		`line 12: key "G/11": member M9: there is no such member`,
		`line 13: key "G/12": member M1: names neither an account nor a member and a product`,
		`line 14: every command needs a key`,
		`line 15: key "G/14": account M1-WAJIB: the amount must be above zero`,
		`line 16: key "G/15": the memo has a control character (U+0009)`,
	}, says)
	after, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, head, after)
}

func TestReadBulkRefusesAFile(t *testing.T) {
	row := "G/%,M1-SIWA,1\n"
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "", "bulk.header"},
		{"only line ends", "\n\r\n", "bulk.header"},
		{"a quote in the header", "key,\"amount\n", "bulk.header"},
		{"no amounts", "key,account\n", "bulk.header"},
		{"nobody's", "key,amount,member\n", "bulk.header"},
		{"unknown column", "key,account,amount,nisbah\n", "bulk.header"},
		{"twice", "key,account,amount,amount\n", "bulk.header"},
		{"too many rows", "key,account,amount\n" + strings.Repeat(row, savings.MaxBulkLines+1), "bulk.lines"},
		{"too long", "key,account,amount\n" + strings.Repeat("\n", savings.MaxBulkBytes), "bulk.file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := savings.ReadBulk(strings.NewReader(test.text), ledger.IDR)
			require.ErrorIs(t, err, savings.ErrBulk)
			var r *savings.Refusal
			require.ErrorAs(t, err, &r)
			require.Equal(t, test.want, r.Code)
		})
	}
	list, err := savings.ReadBulk(strings.NewReader("key,account,amount\n"+strings.Repeat(row, savings.MaxBulkLines)), ledger.IDR)
	require.NoError(t, err)
	require.Len(t, list.Lines, savings.MaxBulkLines)

	broken := errors.New("cable pulled")
	_, err = savings.ReadBulk(iotest.ErrReader(broken), ledger.IDR)
	require.ErrorIs(t, err, broken)
	require.NotErrorIs(t, err, savings.ErrBulk)
}

// Whatever the text, reading says what is wrong or gives lines, each row once;
// a row that is read is what encoding/csv reads in it.
func FuzzReadBulk(f *testing.F) {
	for _, seed := range []string{
		"key,account,amount\nG/1,M1-SIWA,1\n",
		"\ufeffkey,member,product,amount,note\r\nG/1,M1,wajib,25000.00,\"a \"\"b\"\", c\"\r\n\r\nG/2,M1,wajib,x,\r\n",
		"key,account,amount\n\"G/1,M1-SIWA,1\nG/2,M\"1,2\n",
		"key,account,amount\nG/1,,-1\nG/1,a,92233720368547758.08\n\xff,b,1\n",
		"amount,key,account\n\"1\",\"\",\"\"\"\"\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := savings.ReadBulk(bytes.NewReader(data), ledger.IDR)
		if err != nil {
			require.ErrorIs(t, err, savings.ErrBulk)
			require.NotContains(t, err.Error(), "\n")
			return
		}
		rows := strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\n")
		header, at := []string(nil), 0
		for header == nil {
			if text := strings.TrimSuffix(rows[at], "\r"); text != "" {
				header = cells(t, text)
			}
			at++
		}
		full := 0
		for _, row := range rows[at:] {
			if strings.TrimSuffix(row, "\r") != "" {
				full++
			}
		}
		require.Equal(t, full, len(list.Lines)+len(list.Faults))
		for _, l := range list.Lines {
			for i, cell := range cells(t, strings.TrimSuffix(rows[l.Line-1], "\r")) {
				switch header[i] {
				case "key":
					require.Equal(t, cell, l.Key)
				case "account":
					require.Equal(t, cell, l.Account)
				case "member":
					require.Equal(t, cell, l.Member)
				case "product":
					require.Equal(t, cell, l.Product)
				case "note":
					require.Equal(t, cell, l.Note)
				default:
					amount, err := ledger.IDR.Parse(cell)
					require.NoError(t, err)
					require.Equal(t, amount, l.Amount)
				}
			}
		}
		for _, fault := range list.Faults {
			require.NotContains(t, fault.Error(), "\n")
		}
	})
}

func cells(t *testing.T, text string) []string {
	record, err := csv.NewReader(strings.NewReader(text)).Read()
	require.NoError(t, err)
	return record
}
