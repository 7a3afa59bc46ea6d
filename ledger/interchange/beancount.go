package interchange

import (
	"io"
	"strconv"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// ExportBeancount writes every entry of the book as a file that bean-check
// (beancount 2) accepts, in the order of their numbers.
//
// An account is called [BeancountAccount]; every account and sub is opened on
// the first day that a book can have, headings left out. What hledger shows as
// tags stands here as metadata under the same names; number is the entry's
// number.
func ExportBeancount(w io.Writer, tx *ledger.Tx) error {
	c := beancount{writer: newWriter(w, tx.Currency()), roots: make(map[string]string)}
	if err := c.declare(tx); err != nil {
		return err
	}
	if err := eachEntry(tx, c.entry); err != nil {
		return err
	}
	return c.out.Flush()
}

// BeancountAccount returns an account's name in beancount: the root that its
// kind belongs under, its code, and its sub if it has one. Beancount has five
// roots: syirkah, zakat and benevolent funds stand under Liabilities,
// memorandum accounts, which balance among themselves, under Equity.
//
// Beancount takes letters, digits and hyphens in a name. Every other byte is
// escaped as -xXX, XX being two capital hexadecimal digits, and so is a hyphen
// that would read as an escape. A code or sub that does not begin with a
// capital letter or a digit has X-x00 put in front. [ParseBeancountAccount]
// gives code and sub back.
func BeancountAccount(kind ledger.Kind, code, sub string) string {
	return string(appendBeancountAccount(nil, beancountRoot(kind), code, sub))
}

func appendBeancountAccount(b []byte, root, code, sub string) []byte {
	b = appendComponent(append(append(b, root...), ':'), code)
	if sub != "" {
		b = appendComponent(append(b, ':'), sub)
	}
	return b
}

func beancountRoot(kind ledger.Kind) string {
	switch kind {
	case ledger.Asset:
		return "Assets"
	case ledger.Income:
		return "Income"
	case ledger.Expense:
		return "Expenses"
	case ledger.Equity, ledger.Memorandum:
		return "Equity"
	}
	return "Liabilities"
}

const (
	componentMark = "-x"
	componentHead = "X-x00"
)

func appendComponent(b []byte, text string) []byte {
	if text == "" || !isUpper(text[0]) && !isDigit(text[0]) || strings.HasPrefix(text, "X\x00") {
		b = append(b, componentHead...)
	}
	for i := range len(text) {
		c := text[i]
		if isAlphanumeric(c) || c == '-' && !isEscape(text[i:], componentMark) {
			b = append(b, c)
		} else {
			b = appendEscape(b, componentMark, c)
		}
	}
	return b
}

// ParseBeancountAccount returns the code and sub that [BeancountAccount] made
// a name of; sub is empty for an account without subs.
func ParseBeancountAccount(name string) (code, sub string) {
	_, rest, _ := strings.Cut(name, ":")
	code, sub, _ = strings.Cut(rest, ":")
	return parseComponent(code), parseComponent(sub)
}

func parseComponent(text string) string {
	return unescape(strings.TrimPrefix(text, componentHead), componentMark)
}

type beancount struct {
	*writer
	roots map[string]string // by account code
}

// declare writes what stands before the entries.
func (c *beancount) declare(tx *ledger.Tx) error {
	head, err := tx.Head()
	if err != nil {
		return err
	}
	b := appendQuoted(append(c.line(), "option \"title\" "...), tx.Book())
	b = append(b, "\noption \"operating_currency\" "...)
	b = appendQuoted(b, c.currency.Code())
	b = append(b, "\n; change "...)
	b = strconv.AppendUint(b, head.Change, 10)
	b = append(b, "\n; "...)
	b = append(b, head.Digest.String()...)
	b = c.date(append(b, "\n\n"...), firstDay)
	b = append(b, " commodity "...)
	b = append(b, c.currency.Code()...)
	if err := c.write(append(b, "\n\n"...)); err != nil {
		return err
	}
	for account, err := range tx.Accounts() {
		if err != nil {
			return err
		}
		if account.Header {
			continue
		}
		if err := c.account(tx, &account); err != nil {
			return err
		}
	}
	return nil
}

// firstDay is before every entry.
var firstDay = ledger.On(ledger.MinYear, 1, 1)

// account opens an account and its subs.
func (c *beancount) account(tx *ledger.Tx, a *ledger.Account) error {
	c.roots[a.Code] = beancountRoot(a.Kind)
	b := c.open(a.Code, "")
	b = appendMeta(b, "  ", "name", a.Name)
	b = appendMeta(b, "  ", "name_en", a.NameEn)
	b = appendMeta(b, "  ", "kind", a.Kind.String())
	if err := c.write(b); err != nil || !a.Control {
		return err
	}
	for sub, err := range tx.Subs(a.Code, "") {
		if err != nil {
			return err
		}
		if err := c.write(appendMeta(c.open(a.Code, sub.Sub), "  ", "holder", sub.Holder)); err != nil {
			return err
		}
	}
	return nil
}

func (c *beancount) open(code, sub string) []byte {
	b := append(c.date(c.line(), firstDay), " open "...)
	b = appendBeancountAccount(b, c.roots[code], code, sub)
	b = append(b, ' ')
	b = append(b, c.currency.Code()...)
	return append(b, '\n')
}

func (c *beancount) entry(p *ledger.Posted) error {
	b := c.date(append(c.line(), '\n'), p.Date)
	b = appendQuoted(append(b, " * "...), p.Memo)
	b = append(b, "\n  number: "...)
	b = strconv.AppendUint(b, p.Number, 10)
	b = append(b, '\n')
	b = appendMeta(b, "  ", "key", p.Key)
	b = appendMeta(b, "  ", "document", p.Document)
	b = appendMeta(b, "  ", "maker", p.Maker)
	b = appendMeta(b, "  ", "approver", p.Approver)
	b = appendMeta(b, "  ", "source", p.Source.String())
	if p.Phase != ledger.Ordinary {
		b = appendMeta(b, "  ", "phase", p.Phase.String())
	}
	b = appendMeta(b, "  ", "waiver", p.Waiver)
	if p.Reverses != 0 {
		b = append(b, "  reverses: "...)
		b = append(strconv.AppendUint(b, p.Reverses, 10), '\n')
	}
	if p.Imported {
		b = append(b, "  imported: TRUE\n"...)
	}
	if err := c.write(b); err != nil {
		return err
	}
	for i := range p.Lines {
		if err := c.write(c.posting(c.line(), &p.Lines[i])); err != nil {
			return err
		}
	}
	return nil
}

func (c *beancount) posting(b []byte, l *ledger.Line) []byte {
	b = appendBeancountAccount(append(b, "  "...), c.roots[l.Account], l.Account, l.Sub)
	b = c.amount(append(b, "  "...), l.Amount)
	b = append(b, ' ')
	b = append(b, c.currency.Code()...)
	b = append(b, '\n')
	b = appendMeta(b, "    ", "member", l.Party.Member)
	b = appendMeta(b, "    ", "standing", l.Party.Standing.String())
	return appendMeta(b, "    ", "activity", l.Activity.String())
}

// appendMeta adds a line of metadata that has a value.
func appendMeta(b []byte, indent, name, value string) []byte {
	if value == "" {
		return b
	}
	b = append(append(b, indent...), name...)
	return append(appendQuoted(append(b, ": "...), value), '\n')
}

// appendQuoted adds a string as beancount reads it.
func appendQuoted(b []byte, text string) []byte {
	b = append(b, '"')
	for i := range len(text) {
		if c := text[i]; c == '"' || c == '\\' {
			b = append(b, '\\')
		}
		b = append(b, text[i])
	}
	return append(b, '"')
}
