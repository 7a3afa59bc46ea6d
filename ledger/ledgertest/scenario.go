package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/mizan-coop/mizan/ledger"
)

// Scenario is a story told in lines of text, such as
//
//	post key=T1 date=2026-11-10 debit=10102 credit=30101/M1 amount=1000 -> ok
//	post key=T1 date=2026-11-10 debit=10102 credit=30101/M1 amount=1001 -> key_conflict
//	balance of=30101/M1 date=2026-11-10 -> -1000
//
// A line is a verb, fields with names, and after an arrow what must come of
// it: "ok", "repeat" for a command that was carried out before, the code of a
// refusal, or the value that was asked for. Values with spaces stand in double
// quotes, a field may be given more than once, # begins a comment. Amounts are
// in rupiah, balances debit positive; an amount of its own is put behind a
// colon, as in debit=10102:500. The accounts are those of [Chart].
type Scenario struct {
	Name  string
	steps []step
}

// step is one line of a scenario.
type step struct {
	line   int
	verb   verb
	name   string
	fields map[string][]string
	want   string
}

// ParseScenario reads a scenario. All that is wrong with it is reported at
// once: what is not a line of the form above, verbs and fields that do not exist.
func ParseScenario(name, text string) (Scenario, error) {
	s := Scenario{Name: name}
	var faults []error
	for i, line := range strings.Split(text, "\n") {
		step, err := parseStep(line)
		switch {
		case err != nil:
			faults = append(faults, fmt.Errorf("ledgertest: scenario %s, line %d: %w", name, i+1, err))
		case step.name != "":
			step.line = i + 1
			s.steps = append(s.steps, step)
		}
	}
	return s, errors.Join(faults...)
}

func parseStep(line string) (step, error) {
	words, err := splitWords(line)
	if err != nil || len(words) == 0 {
		return step{}, err
	}
	arrow := slices.Index(words, "->")
	if arrow < 1 || arrow != len(words)-2 {
		return step{}, errors.New("not of the form: verb field=value ... -> expected")
	}
	st := step{name: words[0], want: words[arrow+1], fields: map[string][]string{}}
	var known bool
	if st.verb, known = verbs[st.name]; !known {
		return step{}, fmt.Errorf("unknown verb %q, want one of %v", st.name, slices.Sorted(maps.Keys(verbs)))
	}
	for _, word := range words[1:arrow] {
		field, value, found := strings.Cut(word, "=")
		if !found || !slices.Contains(strings.Fields(st.verb.fields), field) {
			return step{}, fmt.Errorf("%s has no field %q, only %s", st.name, word, st.verb.fields)
		}
		st.fields[field] = append(st.fields[field], value)
	}
	return st, nil
}

// splitWords splits at spaces outside of double quotes, up to a comment.
func splitWords(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	quoted, begun := false, false
	end := func() {
		if begun {
			words = append(words, word.String())
		}
		word.Reset()
		begun = false
	}
	for _, r := range line {
		switch {
		case r == '"':
			quoted, begun = !quoted, true
		case quoted:
			word.WriteRune(r)
		case r == ' ' || r == '\t' || r == '\r':
			end()
		case r == '#' && !begun:
			return words, nil
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	end()
	if quoted {
		return nil, errors.New("a quote is not closed")
	}
	return words, nil
}

// Play tells the story to a new book in a store and fails t at the first line
// of which something else comes.
func (s Scenario) Play(t T, store ledger.Store) {
	t.Helper()
	p := &player{trial: &trial{T: t, ctx: context.Background(), store: store}}
	p.book = p.create("scenario/" + s.Name)
	broken := 0
	for i := range s.steps {
		st := &s.steps[i]
		p.step = st
		got := st.verb.play(p)
		if p.fault != nil {
			t.Fatalf("scenario %s, line %d: %v", s.Name, st.line, p.fault)
		}
		if got != st.want {
			t.Fatalf("scenario %s, line %d: %s gives %s, want %s", s.Name, st.line, st.name, got, st.want)
		}
		if st.name == "check" {
			broken, _ = strconv.Atoi(got)
		}
	}
	if broken == 0 {
		p.sound()
	}
}

// player plays one step after the other. The first field that cannot be read
// is its fault.
type player struct {
	*trial
	step  *step
	fault error
}

func (p *player) text(field string) string {
	if values := p.step.fields[field]; len(values) > 0 {
		return unescape(values[len(values)-1])
	}
	return ""
}

// unescape lets a scenario write the one control character that matters.
func unescape(text string) string { return strings.ReplaceAll(text, `\n`, "\n") }

func (p *player) failed(field string, err error) {
	if err != nil && p.fault == nil {
		p.fault = fmt.Errorf("field %s: %w", field, err)
	}
}

func (p *player) yes(field string) bool { return p.text(field) == "yes" }

func (p *player) number(field string) uint64 {
	if p.text(field) == "" {
		return 0
	}
	n, err := strconv.ParseUint(p.text(field), 10, 64)
	p.failed(field, err)
	return n
}

// date reads a day; "invalid" is 31 November.
func (p *player) date(field string) ledger.Date {
	switch text := p.text(field); text {
	case "":
		return ledger.Date{}
	case "invalid":
		return ledger.On(2026, 11, 31)
	default:
		d, err := ledger.ParseDate(text)
		p.failed(field, err)
		return d
	}
}

func (p *player) money(field string) ledger.Money { return p.amount(field, p.text(field)) }

// amount reads rupiah; "invalid" is no amount and "largest" the largest there is.
func (p *player) amount(field, text string) ledger.Money {
	switch text {
	case "":
		return ledger.Money{}
	case "invalid":
		return rp(1 << 62)
	case "largest":
		return ledger.Minor(ledger.MaxMoney)
	}
	m, err := ledger.IDR.Parse(text)
	p.failed(field, err)
	return m
}

// place reads account/sub.
func (p *player) place(field string) (account, sub string) {
	account, sub, _ = strings.Cut(p.text(field), "/")
	return account, sub
}

func show(m ledger.Money) string { return strings.TrimSuffix(ledger.IDR.Format(m), ".00") }
