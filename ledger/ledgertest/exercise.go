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

// errAbort makes an Update fail after all its operations.
var errAbort = errors.New("ledgertest: given up on purpose")

// step is one Update: mostly of one operation, at times of several, at times
// of some that are given up in the end.
func (e *exercise) step() {
	n, abort := 1, error(nil)
	switch e.rng.IntN(12) {
	case 0, 1:
		n = 2 + e.rng.IntN(4)
	case 2:
		n, abort = 1+e.rng.IntN(3), errAbort
	}
	e.model.Mark()
	asked := make([]asked, n)
	for i := range asked {
		op := e.ops.Next()
		asked[i] = e.predict(op, e.model.Ask(op))
	}
	e.run(asked, abort)
	if abort != nil {
		e.model.Rollback()
	}
	e.model.Mark()
	e.done += n
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

func (e *exercise) predict(op Operation, want Answer) asked {
	a := asked{op: op, want: want, at: e.ops.pick(1)[0], day: e.ops.day.AddDays(e.rng.IntN(30) - 15)}
	a.available = e.model.Available(a.at.account, a.at.sub, a.day)
	a.balance = e.model.Balance(a.at.account, a.at.sub, a.day, ledger.Closing, 0)
	return a
}

func (e *exercise) run(asked []asked, abort error) {
	e.Helper()
	if len(asked) == 1 && abort == nil && e.runAlone(asked[0]) {
		return
	}
	var got []Answer
	err := e.update(func(tx *ledger.Tx) error {
		got = got[:0] // the closure may run again
		for i := range asked {
			answer, err := asked[i].op.Apply(tx)
			if err != nil {
				return err
			}
			got = append(got, answer)
			if err := e.question(tx, &asked[i]); err != nil {
				return err
			}
		}
		return abort
	})
	if !errors.Is(err, abort) {
		e.fail("%v: unexpected error: %v", asked[0].op, err)
	}
	for i := range got {
		if got[i] != asked[i].want {
			e.fail("%v:\nthe book answers %+v\nthe model answers %+v", asked[i].op, got[i], asked[i].want)
		}
	}
}

// question compares what a transaction sees after an operation, its own writes
// included.
func (e *exercise) question(tx *ledger.Tx, a *asked) error {
	available, err := tx.Available(a.at.account, a.at.sub, a.day)
	if err != nil {
		return err
	}
	balance, err := tx.Balance(a.at.account, a.at.sub, ledger.EndOf(a.day))
	if err != nil {
		return err
	}
	if balance != a.balance || available != a.available && a.isOne(tx) {
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
func (e *exercise) runAlone(a asked) bool {
	var got Answer
	var err error
	switch ask := a.op.Ask.(type) {
	case ledger.Entry:
		got, err = posted(e.book.Post(e.ctx, ask))
	case ledger.Reversal:
		got, err = posted(e.book.Reverse(e.ctx, ask))
	case ledger.PeriodClosing:
		err = e.book.CloseThrough(e.ctx, ask)
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
