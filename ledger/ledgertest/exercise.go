package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/mizan-coop/mizan/ledger"
)

// Exercise asks n operations, made up from a seed, of a new book in a store
// and of a [Model], and fails t at the first answer that differs. The
// operations come alone, many in one Update, and in Updates that fail at their
// end. Now and then it compares what both say about balances, turnovers, lines
// and records, and in the end [ledger.Book.Check] must find nothing but the
// assertions that the model knows to be broken. It returns the book's head:
// the same seed and number give the same head in every store.
func Exercise(t T, store ledger.Store, seed uint64, n int) ledger.Head {
	t.Helper()
	model := NewModel(Chart())
	e := &exercise{
		model: model, ops: NewOperations(seed, model), seed: seed,
		rng: rand.New(rand.NewPCG(seed, 1)),
	}
	e.trial = &trial{T: t, ctx: context.Background(), store: store}
	e.book = e.create(fmt.Sprintf("exercise-%d", seed))
	t.Logf("exercise: seed %d, %d operations", seed, n)
	// Enough checks to find a fault near its cause, few enough to be quick.
	pause, check := 250, max(n/4, 1)
	for e.done < n {
		before := e.done
		e.step()
		if e.done/pause != before/pause {
			e.compare()
		}
		if e.done/check != before/check {
			e.check()
		}
	}
	e.compare()
	e.check()
	return e.head()
}

type exercise struct {
	*trial
	model *Model
	ops   *Operations
	rng   *rand.Rand
	seed  uint64
	done  int
	heads []ledger.Head // to prove against
}

// fail names the seed, so that a failure can be repeated.
func (e *exercise) fail(format string, args ...any) {
	e.Helper()
	e.Fatalf("seed %d, operation %d: %s", e.seed, e.done, fmt.Sprintf(format, args...))
}

// errAbort makes an Update, or a step of one, fail after all its operations.
var errAbort = errors.New("ledgertest: given up on purpose")

// part is an operation of an Update, or a step inside it that is done or taken
// back as a whole.
type part struct {
	asked *asked // nil for a step
	step  []part
	end   int // how the step ends: 1 with an error, 2 with a panic
}

// step is one Update: mostly of one operation, at times of several and of
// steps within steps, at times given up in the end.
func (e *exercise) step() {
	var parts []part
	var abort error
	switch e.rng.IntN(12) {
	case 0, 1:
		parts = e.plan(2+e.rng.IntN(4), 3)
	case 2:
		abort = errAbort
		parts = e.plan(1+e.rng.IntN(3), 2)
	default:
		parts = e.plan(1, 0)
	}
	e.run(parts, abort)
	if abort != nil {
		e.model.Rollback(0)
	}
	e.model.Settle()
}

// plan makes up the parts of an Update and lets the model carry them out.
func (e *exercise) plan(n, depth int) []part {
	parts := make([]part, n)
	for i := range parts {
		if depth == 0 || e.rng.IntN(3) > 0 {
			op := e.ops.Next()
			e.done++
			parts[i].asked = e.predict(op, e.model.Ask(op))
			continue
		}
		mark := e.model.Mark()
		parts[i].step = e.plan(1+e.rng.IntN(3), depth-1)
		if parts[i].end = e.rng.IntN(5); parts[i].end == 1 || parts[i].end == 2 {
			e.model.Rollback(mark)
		}
	}
	return parts
}

// asked is an operation with the model's answer, and a question that is put
// right after it.
type asked struct {
	op        Operation
	want      Answer
	at        modelPlace
	day       ledger.Date
	available ledger.Money
	balance   ledger.Money
}

func (e *exercise) predict(op Operation, want Answer) *asked {
	a := &asked{op: op, want: want, at: e.ops.pick(1)[0], day: e.ops.day.AddDays(e.rng.IntN(30) - 15)}
	a.available = e.model.Available(a.at.account, a.at.sub, a.day)
	a.balance = e.model.Balance(a.at.account, a.at.sub, a.day, ledger.Closing, 0)
	return a
}

func (e *exercise) run(parts []part, abort error) {
	e.Helper()
	if len(parts) == 1 && parts[0].asked != nil && abort == nil && e.runAlone(parts[0].asked) {
		return
	}
	err := e.update(func(tx *ledger.Tx) error {
		if err := e.play(tx, parts); err != nil {
			return err
		}
		return abort
	})
	if !errors.Is(err, abort) {
		e.fail("%v", err)
	}
}

// play asks the parts of an Update of a transaction. It may run again.
func (e *exercise) play(tx *ledger.Tx, parts []part) error {
	for i := range parts {
		p := &parts[i]
		if p.asked == nil {
			if err := e.playStep(tx, p); err != nil {
				return err
			}
			continue
		}
		got, err := p.asked.op.Apply(tx)
		if err != nil {
			return fmt.Errorf("%v: unexpected error: %w", p.asked.op, err)
		}
		if got != p.asked.want {
			return fmt.Errorf("%v:\nthe book answers %+v\nthe model answers %+v", p.asked.op, got, p.asked.want)
		}
		if err := e.question(tx, p.asked); err != nil {
			return err
		}
	}
	return nil
}

func (e *exercise) playStep(tx *ledger.Tx, p *part) error {
	err := calmly(func() error {
		return tx.Atomic(func() error {
			err := e.play(tx, p.step)
			switch {
			case err != nil:
				return err
			case p.end == 1:
				return errAbort
			case p.end == 2:
				panic(errAbort.Error())
			}
			return nil
		})
	})
	switch {
	case p.end == 1 && errors.Is(err, errAbort):
		return nil
	case p.end == 2 && err != nil && err.Error() == "panic: "+errAbort.Error():
		return nil
	}
	return err
}

// question compares what a transaction sees after an operation, its own writes
// included.
func (e *exercise) question(tx *ledger.Tx, a *asked) error {
	available, err := a.available, error(nil)
	if a.isOne(tx) {
		available, err = tx.Available(a.at.account, a.at.sub, a.day)
	}
	if err != nil {
		return err
	}
	balance, err := tx.Balance(a.at.account, a.at.sub, ledger.EndOf(a.day))
	if err != nil {
		return err
	}
	if balance != a.balance || available != a.available {
		return fmt.Errorf("after %v: %s/%s on %s stands at %v with %v free, the model says %v and %v",
			a.op, a.at.account, a.at.sub, a.day, balance, available, a.balance, a.available)
	}
	return nil
}

// isOne reports whether the place is one sub: there is no room of a whole
// control account.
func (a *asked) isOne(tx *ledger.Tx) bool {
	account, _, err := tx.Account(a.at.account)
	return err == nil && (!account.Control || a.at.sub != "")
}

// runAlone uses the book's own short forms.
func (e *exercise) runAlone(a *asked) bool {
	var got Answer
	var err error
	switch ask := a.op.Ask.(type) {
	case ledger.Entry:
		got, err = posted(e.book.Post(e.ctx, ask))
	case ledger.Reversal:
		got, err = posted(e.book.Reverse(e.ctx, ask))
	case ledger.PeriodClosing:
		err = e.book.CloseThrough(e.ctx, ask)
		got.Repeat = a.want.Repeat // the short form does not say
	default:
		return false
	}
	if err != nil {
		code, known := CodeOf(err)
		if !known {
			e.fail("%v: unexpected error: %v", a.op, err)
		}
		got = Answer{Code: code, Line: lineOf(err)}
	}
	if got != a.want {
		e.fail("%v:\nthe book answers %+v (%v)\nthe model answers %+v", a.op, got, err, a.want)
	}
	return true
}

// check runs the book's own checks: they find the broken assertions and
// nothing else.
func (e *exercise) check() {
	e.Helper()
	broken := e.model.Broken()
	for finding, err := range e.book.Check(e.ctx) {
		if err != nil {
			e.fail("the book cannot be checked: %v", err)
		}
		if finding.Check != "assertions" {
			e.fail("Check finds: %s", finding)
		}
		broken--
	}
	if broken != 0 {
		e.fail("Check finds %d broken assertions too few", broken)
	}
	for _, anchor := range e.heads {
		for finding, err := range e.book.Prove(e.ctx, anchor) {
			e.fail("Prove finds against %v: %v %v", anchor, finding, err)
		}
	}
	e.heads = append(e.heads, e.head())
	if len(e.heads) > 2 {
		e.heads = slices.Delete(e.heads, 1, 2)
	}
}
