package ledgertest

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	"github.com/mizan-coop/mizan/ledger"
)

// T is what the suite needs of a test. *testing.T, *testing.B and testing.TB
// satisfy it.
type T interface {
	Helper()
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Cleanup(func())
	TempDir() string
}

// Guarantee is one numbered promise of the package documentation with the test
// that holds a store to it.
type Guarantee struct {
	Name  string // such as "G1 reads back"
	check func(*trial)
}

// Check tests an empty store for the guarantee. What it finds it reports to t.
func (g Guarantee) Check(t T, store ledger.Store) {
	t.Helper()
	tr := newTrial(t, store)
	g.check(tr)
	tr.sound()
}

// Run holds a store to every guarantee of the package documentation, each in a
// subtest named after it, and to every scenario. open returns a new, empty
// store at each call; what has to be closed or removed it registers with
// t.Cleanup.
func Run(t *testing.T, open func(T) ledger.Store) {
	t.Helper()
	for _, g := range Guarantees() {
		t.Run(g.Name, func(t *testing.T) { g.Check(t, open(t)) })
	}
	for _, s := range Scenarios() {
		t.Run("scenario "+s.Name, func(t *testing.T) { s.Play(t, open(t)) })
	}
}

// Failure is a guarantee or scenario that a store does not keep.
type Failure struct {
	Name     string
	Messages []string // what was reported, in order
}

// String returns the name and the first message.
func (f Failure) String() string {
	if len(f.Messages) == 0 {
		return f.Name
	}
	return f.Name + ": " + f.Messages[0]
}

// Judge does what [Run] does without a test and yields what the store does not
// keep, as it is found: for testing that a store with a known defect is
// caught. A panic of the store counts as a failure.
func Judge(open func(T) ledger.Store) iter.Seq[Failure] {
	return func(yield func(Failure) bool) {
		for _, g := range Guarantees() {
			messages := Messages(func(t T) { g.Check(t, open(t)) })
			if len(messages) > 0 && !yield(Failure{g.Name, messages}) {
				return
			}
		}
		for _, s := range Scenarios() {
			messages := Messages(func(t T) { s.Play(t, open(t)) })
			if len(messages) > 0 && !yield(Failure{"scenario " + s.Name, messages}) {
				return
			}
		}
	}
}

// Messages runs a test function in a goroutine of its own and returns the
// failures that it reported, instead of failing a test.
func Messages(run func(T)) []string {
	r := &recorder{}
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		defer r.cleanUp()
		defer func() {
			if thrown := recover(); thrown != nil {
				r.Errorf("panic: %v\n%s", thrown, debug.Stack())
			}
		}()
		run(r)
	}()
	<-finished
	return r.messages
}

// recorder is a T that keeps failures to itself.
type recorder struct {
	mu       sync.Mutex
	messages []string
	cleanups []func()
}

func (r *recorder) Helper()             {}
func (r *recorder) Logf(string, ...any) {}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.messages = append(r.messages, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

func (r *recorder) Cleanup(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cleanups = append(r.cleanups, f)
}

func (r *recorder) TempDir() string {
	dir, err := os.MkdirTemp("", "ledgertest")
	if err != nil {
		r.Fatalf("no directory: %v", err)
	}
	r.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func (r *recorder) cleanUp() {
	for i := len(r.cleanups) - 1; i >= 0; i-- {
		r.cleanups[i]()
	}
}

//go:embed testdata/*.txt
var scenarioFiles embed.FS

// Scenarios returns the scenarios that belong to the suite, by name.
func Scenarios() []Scenario {
	names, err := fs.Glob(scenarioFiles, "testdata/*.txt")
	if err != nil {
		panic(err) // only a malformed pattern
	}
	var all []Scenario
	for _, name := range names {
		text, err := scenarioFiles.ReadFile(name)
		if err != nil {
			panic(err)
		}
		s, err := ParseScenario(strings.TrimSuffix(path.Base(name), ".txt"), string(text))
		if err != nil {
			panic(fmt.Sprintf("ledgertest: an embedded scenario is broken: %v", err))
		}
		all = append(all, s)
	}
	return all
}

// Sound reports everything that [ledger.Book.Check] finds in a book, and
// whether that was nothing: how a test that owns a book should end.
func Sound(ctx context.Context, t T, book *ledger.Book) bool {
	t.Helper()
	sound := true
	for finding, err := range book.Check(ctx) {
		if err != nil {
			t.Errorf("the book cannot be checked: %v", err)
			return false
		}
		t.Errorf("%s", finding)
		sound = false
	}
	return sound
}
