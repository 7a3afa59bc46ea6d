package ledgertest_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
)

// forgetful is a store that loses what holds are there.
type forgetful struct{ ledger.Store }

func (s forgetful) Update(ctx context.Context, book string, fn func(ledger.Writer) error) error {
	return s.Store.Update(ctx, book, func(w ledger.Writer) error { return fn(forgetfulWriter{w}) })
}

type forgetfulWriter struct{ ledger.Writer }

func (w forgetfulWriter) Write(b *ledger.Batch) error {
	forgotten := *b
	forgotten.Holds = nil
	return w.Writer.Write(&forgotten)
}

// A store with a defect is caught, here by the second guarantee.
func ExampleJudge() {
	failures := ledgertest.Judge(func(ledgertest.T) ledger.Store { return forgetful{ledger.NewMemory()} })
	for failure := range failures {
		fmt.Println(failure.Name)
		break
	}
	// Output: G2 repeats
}

// The same seed gives the same book in every store.
func ExampleExercise() {
	failures := ledgertest.Messages(func(t ledgertest.T) {
		first := ledgertest.Exercise(t, ledger.NewMemory(), 7, 500)
		again := ledgertest.Exercise(t, ledgertest.Twice(ledger.NewMemory()), 7, 500)
		fmt.Println(first == again)
	})
	fmt.Println(len(failures), "failures")
	// Output:
	// true
	// 0 failures
}

// The model says what a book must answer, without one.
func ExampleModel() {
	model := ledgertest.NewModel(ledgertest.Chart())
	pay := func(key string, rupiah int64) ledgertest.Answer {
		return model.Ask(ledgertest.Operation{Ask: ledger.Entry{Key: key, Date: ledger.On(2026, 11, 10), Lines: []ledger.Line{
			ledger.Debit("10102", ledger.IDR.Of(rupiah)), ledger.Credit("30101", ledger.IDR.Of(rupiah)).For("M1"),
		}}})
	}
	fmt.Println(pay("T1", 1000).Entry)
	fmt.Println(pay("T1", 1000).Repeat)
	fmt.Println(pay("T1", 1001).Code)
	fmt.Println(ledger.IDR.Format(model.Balance("30101", "M1", ledger.On(2026, 11, 10), ledger.Closing, 0)))
	// Output:
	// 1
	// true
	// key_conflict
	// -1000.00
}

// A scenario fails at the first line of which something else comes.
func ExampleScenario() {
	s, err := ledgertest.ParseScenario("a deposit", `
post    key=T1 date=2026-11-10 debit=10102 credit=30101/M1 amount=1000 -> ok
balance of=30101/M1 date=2026-11-10 -> -999`)
	if err != nil {
		panic(err)
	}
	for _, failure := range ledgertest.Messages(func(t ledgertest.T) { s.Play(t, ledger.NewMemory()) }) {
		fmt.Println(failure)
	}
	// Output: scenario a deposit, line 3: balance gives -1000, want -999
}

// What a store of one's own has to pass, as the whole of its test file.
func ExampleRun() {
	open := func(ledgertest.T) ledger.Store { return ledger.NewMemory() } // yours
	_ = func(t *testing.T) { ledgertest.Run(t, open) }
	fmt.Println(len(ledgertest.Guarantees()) >= 50, len(ledgertest.Scenarios()) >= 10)
	// Output: true true
}

// Operations make up what could be asked of a book, from a seed: the same each
// time. Here the model alone answers them.
func ExampleNewOperations() {
	answered := func(seed uint64) (taken, refused int) {
		model := ledgertest.NewModel(ledgertest.Chart())
		operations := ledgertest.NewOperations(seed, model)
		for range 1000 {
			if model.Ask(operations.Next()).Code == "" {
				taken++
			} else {
				refused++
			}
		}
		return taken, refused
	}
	taken, refused := answered(7)
	again, _ := answered(7)
	fmt.Println(taken > 100, refused > 100, taken+refused, taken == again)
	// Output: true true 1000 true
}

// A test that owns a book ends with Sound.
func ExampleSound() {
	ctx := context.Background()
	for _, message := range ledgertest.Messages(func(t ledgertest.T) {
		book, err := ledger.Create(ctx, ledger.NewMemory(), ledger.Config{ID: "b", Currency: ledger.IDR, Chart: ledgertest.Chart(), Clock: ledgertest.Clock()})
		if err != nil {
			t.Fatalf("%v", err)
		}
		fmt.Println(ledgertest.Sound(ctx, t, book))
	}) {
		fmt.Println(message)
	}
	// Output: true
}
