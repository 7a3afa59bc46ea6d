package ledger_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// FuzzReadChart: a file is a chart that stands every check and reads back from
// what it says, or it is refused as a faulty chart.
func FuzzReadChart(f *testing.F) {
	for _, seed := range []string{
		"", "code,name,kind,normal,sub\n", "code,name,kind,normal,sub\n1,Kas,asset,debit,\n",
		"\ufeffsub,normal,kind,name_id,code,name_en\nmember,credit,syirkah,Simpanan,30101,Savings\n",
		"code,name,kind,normal,sub\n1,Kas,asset,debit,no\n1,Kas,asset,debit,no\n",
		"code,name,kind,normal,sub\n\"1\n\",Kas,aset,debet,\n2\n", "code,code,kind,normal,sub\n", "code,name,kind,normal,sub\n1,\"Kas,asset,debit,",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file string) {
		chart, err := ledger.ReadChart(strings.NewReader(file))
		if err != nil {
			require.ErrorIs(t, err, ledger.ErrChart)
			require.Nil(t, chart)
			return
		}
		require.NoError(t, chart.Validate())
		again, err := ledger.ReadChart(bytes.NewReader(written(t, chart)))
		require.NoError(t, err)
		require.Equal(t, chart, again)
	})
}

func written(t *testing.T, chart ledger.Chart) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	require.NoError(t, w.Write([]string{"code", "name", "name_en", "kind", "normal", "sub"}))
	for _, a := range chart {
		sub := "no"
		if a.Control {
			sub = "yes"
		}
		require.NoError(t, w.Write([]string{a.Code, a.Name, a.NameEn, a.Kind.String(), a.Normal.String(), sub}))
	}
	w.Flush()
	require.NoError(t, w.Error())
	return out.Bytes()
}

// FuzzParseMonth: a text is a month that prints as that text, or it is refused
// as no date.
func FuzzParseMonth(f *testing.F) {
	for _, seed := range []string{"2026-11", "2026-1", "1899-12", "9999-12", "10000-01", "2026-00", "2026-13", "+026-01", "2026-11-01", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ledger.ParseMonth(text)
		if err != nil {
			require.ErrorIs(t, err, ledger.ErrDate)
			return
		}
		require.Equal(t, text, m.String())
		require.True(t, m.First().Valid() && m.Last().Valid())
	})
}
