package ledgertest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// verb is what a line of a scenario can do: the fields it knows, and how it is
// played.
type verb struct {
	fields string
	play   func(*player) string
}

const entryFields = "date memo document maker approver source phase waiver debit credit amount party standing activity"

// verbs are all verbs, by name.
var verbs = map[string]verb{
	"post":   {"key " + entryFields, func(p *player) string { return p.ask(p.entry()) }},
	"import": {"key " + entryFields, func(p *player) string { return p.ask(Imported(p.entry())) }},
	"event":  {"key " + entryFields, func(p *player) string { return p.ask(Event{p.entry()}) }},
	"undo":   {"key entry date reason adjusting source waiver", func(p *player) string { return p.ask(Event{p.reversal()}) }},
	"capture": {"key hold release reason by " + entryFields, func(p *player) string {
		e := p.entry()
		e.Key = ""
		return p.ask(Capture{ledger.Release{Key: p.text("key"), Hold: p.text("hold"), Amount: p.money("release"), Reason: p.text("reason"), By: p.text("by")}, e})
	}},
	"reverse": {"key entry date reason adjusting source waiver", func(p *player) string { return p.ask(p.reversal()) }},
	"open": {"key of holder hard soft by", func(p *player) string {
		account, sub := p.place("of")
		return p.ask(ledger.SubOpening{Key: p.text("key"), Account: account, Sub: sub, Holder: p.text("holder"), Floor: p.floor(), By: p.text("by")})
	}},
	"floor": {"key of hard soft reason by", func(p *player) string {
		account, sub := p.place("of")
		return p.ask(ledger.FloorSetting{Key: p.text("key"), Account: account, Sub: sub, Floor: p.floor(), Reason: p.text("reason"), By: p.text("by")})
	}},
	"block": {"key of block reason by", func(p *player) string {
		account, sub := p.place("of")
		b := ledger.BlockSetting{Key: p.text("key"), Account: account, Sub: sub, Reason: p.text("reason"), By: p.text("by")}
		p.failed("block", b.Block.UnmarshalText([]byte(p.text("block"))))
		return p.ask(b)
	}},
	"hold": {"key of amount from until reason by", func(p *player) string {
		account, sub := p.place("of")
		return p.ask(ledger.Hold{Key: p.text("key"), Account: account, Sub: sub, Amount: p.money("amount"), From: p.date("from"), Until: p.date("until"), Reason: p.text("reason"), By: p.text("by")})
	}},
	"release": {"key hold amount reason by", func(p *player) string {
		return p.ask(ledger.Release{Key: p.text("key"), Hold: p.text("hold"), Amount: p.money("amount"), Reason: p.text("reason"), By: p.text("by")})
	}},
	"close": {"key through soft reason by", func(p *player) string {
		return p.ask(ledger.PeriodClosing{Key: p.text("key"), Through: p.date("through"), Soft: p.yes("soft"), Reason: p.text("reason"), By: p.text("by")})
	}},
	"reopen": {"key through soft reason by", func(p *player) string {
		return p.ask(ledger.PeriodReopening{Key: p.text("key"), Through: p.date("through"), SoftThrough: p.date("soft"), Reason: p.text("reason"), By: p.text("by")})
	}},
	"account": {"key code name kind normal control header", func(p *player) string {
		a := ledger.Account{Code: p.text("code"), Name: p.text("name"), Control: p.yes("control"), Header: p.yes("header")}
		if p.text("kind") != "none" {
			p.failed("kind", a.Kind.UnmarshalText([]byte(p.text("kind"))))
		}
		p.failed("normal", a.Normal.UnmarshalText([]byte(p.text("normal"))))
		return p.ask(Addition{p.text("key"), a})
	}},
	"retire": {"key of reason by", func(p *player) string {
		return p.ask(ledger.Retirement{Key: p.text("key"), Account: p.text("of"), Reason: p.text("reason"), By: p.text("by")})
	}},
	"save": {"key kind id version event data state", func(p *player) string {
		return p.ask(ledger.Record{Key: p.text("key"), Kind: p.text("kind"), ID: p.text("id"), Version: int(p.number("version")), Event: p.text("event"),
			Data: json.RawMessage(p.text("data")), State: json.RawMessage(p.text("state")), Format: 1})
	}},
	"assert": {"key of date balance document by", func(p *player) string {
		account, sub := p.place("of")
		return p.ask(ledger.Assertion{Key: p.text("key"), Account: account, Sub: sub, Date: p.date("date"), Balance: p.money("balance"), Document: p.text("document"), By: p.text("by")})
	}},
	"violations": {"key " + entryFields, (*player).violations},
	"balance": {"of date before asof", func(p *player) string {
		account, sub := p.place("of")
		return p.read(func(tx *ledger.Tx) (string, error) {
			balance, err := tx.Balance(account, sub, p.moment())
			return show(balance), err
		})
	}},
	"available": {"of date", func(p *player) string {
		account, sub := p.place("of")
		return p.read(func(tx *ledger.Tx) (string, error) {
			room, err := tx.Available(account, sub, p.date("date"))
			if room == ledger.Minor(ledger.MaxMoney) {
				return "unlimited", err
			}
			return show(room), err
		})
	}},
	"turnover": {"of from through before", func(p *player) string {
		account, sub := p.place("of")
		return p.read(func(tx *ledger.Tx) (string, error) {
			debit, credit, err := tx.Turnover(account, sub, ledger.Span{From: p.date("from"), Through: p.date("through"), Before: p.phase("before")})
			return show(debit) + "/" + show(credit), err
		})
	}},
	"days": {"of from through", func(p *player) string {
		account, sub := p.place("of")
		return p.read(func(tx *ledger.Tx) (string, error) {
			days, err := tx.BalanceDays(account, sub, p.date("from"), p.date("through"))
			rupiah := strings.TrimSuffix(days.String(), "00")
			return rupiah, err
		})
	}},
	"lines": {"of from through party source after descending", (*player).lines},
	"head": {"", func(p *player) string {
		head := p.head()
		return fmt.Sprintf("%d/%d", head.Change, head.Entries)
	}},
	"check": {"", func(p *player) string {
		found := 0
		for finding, err := range p.book.Check(p.ctx) {
			p.failed(finding.String(), err)
			found++
		}
		return fmt.Sprint(found)
	}},
}

// ask asks an operation and says what came of it.
func (p *player) ask(ask any) string {
	if p.fault != nil {
		return ""
	}
	op := Operation{ask}
	_, known := Answer{}, false
	err := p.book.View(p.ctx, func(tx *ledger.Tx) (err error) {
		_, known, err = tx.Command(op.Key())
		return err
	})
	p.failed("key", err)
	var answer Answer
	err = p.update(func(tx *ledger.Tx) (err error) {
		answer, err = op.Apply(tx)
		return err
	})
	switch {
	case err != nil:
		return err.Error()
	case answer.Code != "":
		return string(answer.Code)
	case known:
		return "repeat"
	}
	return "ok"
}

// read asks a question inside one View.
func (p *player) read(ask func(*ledger.Tx) (string, error)) string {
	var answer string
	err := p.book.View(p.ctx, func(tx *ledger.Tx) (err error) {
		answer, err = ask(tx)
		return err
	})
	if code, known := CodeOf(err); known {
		return string(code)
	}
	p.failed("of", err)
	return answer
}

func (p *player) violations() string {
	var codes []string
	err := p.update(func(tx *ledger.Tx) error {
		codes = codes[:0]
		found, err := tx.Violations(p.entry())
		for _, r := range found {
			codes = append(codes, string(r.Code))
		}
		return err
	})
	p.failed("key", err)
	if len(codes) == 0 {
		return "none"
	}
	return strings.Join(codes, ",")
}

// lines shows the lines that are selected as entry:amount.
func (p *player) lines() string {
	q := ledger.LineQuery{From: p.date("from"), Through: p.date("through"), Party: p.text("party"), Source: p.text("source"),
		After: p.number("after"), Descending: p.yes("descending")}
	q.Account, q.Sub = p.place("of")
	if q.Sub == "*" {
		q.Sub, q.AllSubs = "", true
	}
	return p.read(func(tx *ledger.Tx) (string, error) {
		var shown []string
		for line, err := range tx.Lines(q) {
			if err != nil {
				return "", err
			}
			shown = append(shown, fmt.Sprintf("%d:%s", line.Entry, show(line.Amount)))
		}
		if len(shown) == 0 {
			return "none", nil
		}
		return strings.Join(shown, ","), nil
	})
}

func (p *player) moment() ledger.Moment {
	at := ledger.Latest()
	if p.text("date") != "" {
		at = ledger.EndOf(p.date("date"))
	}
	switch p.phase("before") {
	case ledger.Closing:
		at = at.BeforeClosing()
	case ledger.Adjusting:
		at = at.BeforeAdjusting()
	}
	if asOf := p.number("asof"); asOf != 0 {
		return at.AsOf(asOf)
	}
	return at
}

func (p *player) phase(field string) ledger.Phase {
	phase := ledger.Ordinary
	switch text := p.text(field); text {
	case "":
	case "invalid":
		phase = 9
	default:
		p.failed(field, phase.UnmarshalText([]byte(text)))
	}
	return phase
}

// source reads kind/id, of the first version unless it says kind/id#version.
func (p *player) source() ledger.Source {
	if p.text("source") == "" {
		return ledger.Source{}
	}
	text, versionText, later := strings.Cut(p.text("source"), "#")
	kind, id, _ := strings.Cut(text, "/")
	version := 1
	if later {
		var err error
		version, err = strconv.Atoi(versionText)
		p.failed("source", err)
	}
	return ledger.Source{Kind: kind, ID: id, Version: version, Event: "pay"}
}

func (p *player) reversal() ledger.Reversal {
	return ledger.Reversal{Key: p.text("key"), Entry: p.number("entry"), Date: p.date("date"), Reason: p.text("reason"),
		Adjusting: p.yes("adjusting"), Source: p.source(), Waiver: p.text("waiver")}
}

func (p *player) floor() ledger.Floor {
	var f ledger.Floor
	if p.text("hard") != "" {
		f = ledger.HardFloor(p.money("hard"))
	}
	if p.text("soft") != "" {
		f = f.WithSoft(p.money("soft"))
	}
	return f
}

// entry reads an entry. Its lines are the debits, then the credits; party,
// standing and activity are those of every line.
func (p *player) entry() ledger.Entry {
	e := ledger.Entry{
		Key: p.text("key"), Date: p.date("date"), Memo: p.text("memo"), Document: p.text("document"), Maker: p.text("maker"),
		Approver: p.text("approver"), Source: p.source(), Phase: p.phase("phase"), Waiver: p.text("waiver"),
	}
	for _, side := range []string{"debit", "credit"} {
		for _, text := range p.step.fields[side] {
			where, own, hasOwn := strings.Cut(text, ":")
			account, sub, _ := strings.Cut(where, "/")
			amount := p.money("amount")
			if hasOwn {
				amount = p.amount(side, own)
			}
			l := ledger.Debit(account, amount)
			if side == "credit" {
				l = ledger.Credit(account, amount)
			}
			l = l.For(unescape(sub)).With(p.party())
			if p.text("activity") == "invalid" {
				l = l.In(99)
			}
			e.Lines = append(e.Lines, l)
		}
	}
	return e
}

func (p *player) party() ledger.Party {
	party := ledger.Party{Member: p.text("party")}
	switch text := p.text("standing"); text {
	case "":
	case "invalid":
		party.Standing = 99
	default:
		p.failed("standing", party.Standing.UnmarshalText([]byte(text)))
	}
	return party
}
