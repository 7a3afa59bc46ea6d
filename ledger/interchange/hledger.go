package interchange

import (
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mizan-coop/mizan/ledger"
)

// ExportHledger writes every entry of the book as a journal that
// "hledger check --strict" accepts, in the order of their numbers.
//
// An account is called [HledgerAccount]; every account and sub is declared,
// headings left out. hledger knows five types of account: syirkah, zakat and
// benevolent funds are declared as liabilities, as what the cooperative holds
// for others; memorandum accounts have no type and so stay out of hledger's
// statements.
//
// An entry's code is its number, its description the memo. Its other fields
// are tags: key, document, maker, approver, source, phase (if not ordinary),
// waiver, reverses and imported; member, standing and activity of a line are
// tags of the posting. Amounts have all decimals of the currency.
func ExportHledger(w io.Writer, tx *ledger.Tx) error {
	h := hledger{newWriter(w, tx.Currency())}
	if err := h.declare(tx); err != nil {
		return err
	}
	if err := eachEntry(tx, h.entry); err != nil {
		return err
	}
	return h.out.Flush()
}

// HledgerAccount returns an account's name in the journal: its code, or
// code:sub. A colon, a semicolon, white space that is not one space between
// two words, and a code's first character if it is a punctuation mark are
// escaped as %XX; everything else stands as it is. [ParseHledgerAccount] gives
// code and sub back.
func HledgerAccount(code, sub string) string {
	return string(appendHledgerAccount(nil, code, sub))
}

func appendHledgerAccount(b []byte, code, sub string) []byte {
	if code != "" && code[0] < utf8.RuneSelf && !isAlphanumeric(code[0]) {
		// "(", "[", "*" or "!" in front would make it another kind of posting.
		b, code = appendEscape(b, "%", code[0]), code[1:]
	}
	b = appendEscaped(b, code, ":;")
	if sub != "" {
		b = append(b, ':')
		b = appendEscaped(b, sub, ":;")
	}
	return b
}

// ParseHledgerAccount returns the code and sub that [HledgerAccount] made a
// name of; sub is empty for an account without subs.
func ParseHledgerAccount(name string) (code, sub string) {
	code, sub, _ = strings.Cut(name, ":")
	return unescape(code, "%"), unescape(sub, "%")
}

// Unescape gives back a text of an hledger journal, such as a description or
// the value of a tag, as the book has it.
func Unescape(text string) string { return unescape(text, "%") }

type hledger struct{ *writer }

// declare writes what stands before the entries.
func (h hledger) declare(tx *ledger.Tx) error {
	head, err := tx.Head()
	if err != nil {
		return err
	}
	b := appendEscaped(append(h.line(), "; "...), tx.Book(), "")
	b = append(b, ", change "...)
	b = strconv.AppendUint(b, head.Change, 10)
	b = append(b, "\n; "...)
	b = append(b, head.Digest.String()...)
	b = append(b, "\n\ndecimal-mark .\ncommodity "...)
	b = h.amountOf(b, h.currency.Of(1000))
	if h.currency.Digits() == 0 {
		b = append(b, '.') // hledger wants to see the decimal mark here
	}
	if err := h.write(append(b, "\n\n"...)); err != nil {
		return err
	}
	for account, err := range tx.Accounts() {
		if err != nil {
			return err
		}
		if account.Header {
			continue
		}
		if err := h.account(tx, &account); err != nil {
			return err
		}
	}
	return nil
}

func hledgerType(kind ledger.Kind) string {
	switch kind {
	case ledger.Asset:
		return "A"
	case ledger.Equity:
		return "E"
	case ledger.Income:
		return "R"
	case ledger.Expense:
		return "X"
	case ledger.Memorandum:
		return ""
	}
	return "L"
}

// account declares an account and its subs.
func (h hledger) account(tx *ledger.Tx, a *ledger.Account) error {
	b := appendHledgerAccount(append(h.line(), "account "...), a.Code, "")
	tags := tagger{}
	b = tags.add(b, "type", hledgerType(a.Kind))
	b = tags.add(b, "name", a.Name)
	b = tags.add(b, "name_en", a.NameEn)
	b = tags.add(b, "kind", a.Kind.String())
	if err := h.write(append(b, '\n')); err != nil || !a.Control {
		return err
	}
	for sub, err := range tx.Subs(a.Code, "") {
		if err != nil {
			return err
		}
		b := appendHledgerAccount(append(h.line(), "account "...), a.Code, sub.Sub)
		tags := tagger{}
		b = tags.add(b, "holder", sub.Holder)
		if err := h.write(append(b, '\n')); err != nil {
			return err
		}
	}
	return nil
}

func (h hledger) entry(p *ledger.Posted) error {
	b := h.date(append(h.line(), '\n'), p.Date)
	b = append(b, " * ("...)
	b = strconv.AppendUint(b, p.Number, 10)
	b = append(b, ')')
	if p.Memo != "" {
		b = appendEscaped(append(b, ' '), p.Memo, ";|")
	}
	tags := tagger{}
	b = tags.add(b, "key", p.Key)
	b = tags.add(b, "document", p.Document)
	b = tags.add(b, "maker", p.Maker)
	b = tags.add(b, "approver", p.Approver)
	b = tags.add(b, "source", p.Source.String())
	if p.Phase != ledger.Ordinary {
		b = tags.add(b, "phase", p.Phase.String())
	}
	b = tags.add(b, "waiver", p.Waiver)
	if p.Reverses != 0 {
		b = tags.add(b, "reverses", strconv.FormatUint(p.Reverses, 10))
	}
	if p.Imported {
		b = tags.add(b, "imported", "yes")
	}
	if err := h.write(append(b, '\n')); err != nil {
		return err
	}
	for i := range p.Lines {
		if err := h.write(h.posting(h.line(), &p.Lines[i])); err != nil {
			return err
		}
	}
	return nil
}

func (h hledger) posting(b []byte, l *ledger.Line) []byte {
	b = appendHledgerAccount(append(b, "    "...), l.Account, l.Sub)
	b = h.amountOf(append(b, "  "...), l.Amount)
	tags := tagger{}
	b = tags.add(b, "member", l.Party.Member)
	b = tags.add(b, "standing", l.Party.Standing.String())
	b = tags.add(b, "activity", l.Activity.String())
	return append(b, '\n')
}

func (h hledger) amountOf(b []byte, m ledger.Money) []byte {
	b = append(b, h.currency.Code()...)
	return h.amount(append(b, ' '), m)
}

// tagger adds a comment of tags: "  ; key:T-1, phase:closing".
type tagger struct{ begun bool }

// add adds a tag that has a value. A comma would end the value, and brackets
// could be taken for a posting's own date.
func (t *tagger) add(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	if t.begun {
		b = append(b, ", "...)
	} else {
		b = append(b, "  ; "...)
	}
	t.begun = true
	b = append(b, name...)
	return appendEscaped(append(b, ':'), value, ",[]")
}
