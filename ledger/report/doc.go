// Package report turns a book into the papers that people read: the trial
// balance, the statements of position, results, cash flows, equity and funds,
// a member's passbook, an instalment card, a month's profit shares.
//
//	book -> Figures -> Layout.Fill -> Report -> text, CSV, HTML
//
// Nothing here writes to a book or keeps a state. A [Report] is a value first,
// a list of rows with levels, labels in two languages and exact amounts; the
// writers only show it. Which account stands in which line is never an
// attribute in code but data, a [Layout]: the same book feeds the layout of
// PSAK 401 and any other. Every account with an amount must stand in exactly
// one line of a layout; one that is missed or doubled is an error, and so is a
// position that does not balance.
//
// The words. Neraca saldo is the trial balance, laporan posisi keuangan the
// statement of financial position, perhitungan hasil usaha the cooperative's
// income statement, whose result is the SHU (sisa hasil usaha). Dana syirkah
// temporer is money of fund owners under mudharabah or musyarakah, neither
// liability nor equity, and hak pihak ketiga atas bagi hasil their share of
// the income, taken off before any expense. Dana kebajikan is the benevolent
// fund. Buku tabungan is a savings passbook, kartu angsuran an instalment card.
package report
