package interchange_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/interchange"
)

func TestAccountNames(t *testing.T) {
	for _, test := range []struct{ code, sub, hledger, beancount string }{
		{"10102", "", "10102", "Liabilities:10102"},
		{"30101", "M0001-SIMUDA", "30101:M0001-SIMUDA", "Liabilities:30101:M0001-SIMUDA"},
		{"30101", "Siti Aminah (2)", "30101:Siti Aminah (2)", "Liabilities:30101:Siti-x20Aminah-x20-x282-x29"},
		{"30101", "a:b;c", "30101:a%3Ab%3Bc", "Liabilities:30101:X-x00a-x3Ab-x3Bc"},
		{"30101:a", "b", "30101%3Aa:b", "Liabilities:30101-x3Aa:X-x00b"},
		{"30101", " a  b ", "30101:%20a %20b%20", "Liabilities:30101:X-x00-x20a-x20-x20b-x20"},
		{"30101", "50%", "30101:50%", "Liabilities:30101:50-x25"},
		{"30101", "50%AB", "30101:50%25AB", "Liabilities:30101:50-x25AB"},
		{"30101", "A-x41", "30101:A-x41", "Liabilities:30101:A-x2Dx41"},
		{"30101", "X-x00a", "30101:X-x00a", "Liabilities:30101:X-x2Dx00a"},
		{"30101", "é\u00a0", "30101:é%C2%A0", "Liabilities:30101:X-x00-xC3-xA9-xC2-xA0"},
		{"(kas)", "", "%28kas)", "Liabilities:X-x00-x28kas-x29"},
		{"* kas", "", "%2A%20kas", "Liabilities:X-x00-x2A-x20kas"},
		{"%2A", "", "%252A", "Liabilities:X-x00-x252A"},
	} {
		require.Equal(t, test.hledger, interchange.HledgerAccount(test.code, test.sub))
		require.Equal(t, test.beancount, interchange.BeancountAccount(ledger.Syirkah, test.code, test.sub))
		code, sub := interchange.ParseHledgerAccount(test.hledger)
		require.Equal(t, [2]string{test.code, test.sub}, [2]string{code, sub})
		code, sub = interchange.ParseBeancountAccount(test.beancount)
		require.Equal(t, [2]string{test.code, test.sub}, [2]string{code, sub})
	}
}

func TestBeancountRoots(t *testing.T) {
	for kind, want := range map[ledger.Kind]string{
		ledger.Asset: "Assets:1", ledger.Liability: "Liabilities:1", ledger.Syirkah: "Liabilities:1", ledger.Equity: "Equity:1", ledger.Income: "Income:1",
		ledger.Expense: "Expenses:1", ledger.Zakat: "Liabilities:1", ledger.Benevolent: "Liabilities:1", ledger.Memorandum: "Equity:1",
	} {
		require.Equal(t, want, interchange.BeancountAccount(kind, "1", ""), kind)
	}
}

// Whatever the names are, they come back, so no two become one.
func FuzzAccountNames(f *testing.F) {
	for i, text := range nasty {
		f.Add(text, nasty[(i+1)%len(nasty)])
	}
	f.Add("X\x00a", "X-x00-x00")
	f.Add("%%3B3B", "-x-x2D41")
	f.Fuzz(func(t *testing.T, code, sub string) {
		gotCode, gotSub := interchange.ParseHledgerAccount(interchange.HledgerAccount(code, sub))
		require.Equal(t, [2]string{code, sub}, [2]string{gotCode, gotSub})
		gotCode, gotSub = interchange.ParseBeancountAccount(interchange.BeancountAccount(ledger.Asset, code, sub))
		require.Equal(t, [2]string{code, sub}, [2]string{gotCode, gotSub})
	})
}
