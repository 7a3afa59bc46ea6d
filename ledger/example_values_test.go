package ledger_test

import (
	"bytes"
	"fmt"
	"time"

	"github.com/mizan-coop/mizan/ledger"
)

// A host in Jayapura decides which calendar day an instant is.
func ExampleDateOf() {
	wit := time.FixedZone("WIT", 9*60*60)
	evening := time.Date(2026, time.November, 22, 23, 30, 0, 0, time.UTC)
	fmt.Println(ledger.DateOf(evening), ledger.DateOf(evening.In(wit)))
	// Output: 2026-11-22 2026-11-23
}

// A currency is its ISO 4217 code and its number of digits.
func ExampleNewCurrency() {
	dinar := must(ledger.NewCurrency("BHD", 3))
	fmt.Println(dinar, dinar.Format(dinar.Of(7)), dinar.Format(ledger.Minor(7)))
	_, err := ledger.NewCurrency("rupiah", 2)
	fmt.Println(err != nil)
	// Output:
	// BHD 7.000 0.007
	// true
}

// The last balance counts what is dated in the future; the end of a day does not.
func ExampleLatest() {
	book := exampleBook(deposit("T1", march(1), "M1", 50_000), deposit("T2", march(20), "M1", 10_000))
	ok(book.View(ctx, func(tx *ledger.Tx) error {
		fmt.Println(rp(must(tx.Balance("30101", "M1", ledger.EndOf(march(10)))).Neg()))
		fmt.Println(rp(must(tx.Balance("30101", "M1", ledger.Latest())).Neg()))
		return nil
	}))
	// Output:
	// 50.000
	// 60.000
}

// The names that charts and exports use are read back one way only.
func ExampleParseKind() {
	fmt.Println(must(ledger.ParseKind("syirkah")).Side(), must(ledger.ParseSide("debit")))
	_, err := ledger.ParseKind("Syirkah")
	fmt.Println(err)
	// Output:
	// credit debit
	// ledger: unknown account kind "Syirkah", want one of: asset, liability, syirkah, equity, income, expense, zakat, benevolent, memorandum
}

// A rule of rounding is a setting with a name.
func ExampleParseRounding() {
	fmt.Println(must(ledger.ParseRounding("half_even")).Valid())
	_, err := ledger.ParseRounding("nearest")
	fmt.Println(err != nil)
	// Output:
	// true
	// true
}

// The standard chart as a file, to be edited and read with ReadChart.
func ExampleStandardChartCSV() {
	chart := must(ledger.ReadChart(bytes.NewReader(ledger.StandardChartCSV())))
	fmt.Println(len(chart) == len(ledger.StandardChart()))
	// Output: true
}

// A key as it was scanned, with the space that somebody left behind it.
func ExampleNameFault() {
	for _, key := range []string{"kw/2026-11/0001", "kw/2026-11/0001 ", "kw/2026/é", "kw\u00a02026"} {
		fmt.Printf("%q: %q\n", key, ledger.NameFault(key, ledger.MaxKey))
	}
	// Output:
	// "kw/2026-11/0001": ""
	// "kw/2026-11/0001 ": "begins or ends with a space"
	// "kw/2026/é": ""
	// "kw\u00a02026": "has an invisible character (U+00A0)"
}

// A memo that would print its amount backwards is not kept.
func ExampleTextFault() {
	for _, memo := range []string{"Setoran tunai", "Setoran \u202e000.1", "Setoran\ntunai"} {
		fmt.Printf("%q: %q\n", memo, ledger.TextFault(memo, ledger.MaxText))
	}
	// Output:
	// "Setoran tunai": ""
	// "Setoran \u202e000.1": "has a control character (U+202E)"
	// "Setoran\ntunai": "has a control character (U+000A)"
}
