package ledgertest_test

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/ledgertest"
)

func TestParseScenarioFaults(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"no arrow", "post key=T1", "line 1: not of the form"},
		{"nothing expected", "post key=T1 ->", "line 1: not of the form"},
		{"two expected", "post key=T1 -> ok ok", "line 1: not of the form"},
		{"no verb", "-> ok", "line 1: not of the form"},
		{"unknown verb", "# a comment\n\nbuy key=T1 -> ok", `line 3: unknown verb "buy"`},
		{"unknown field", "post color=red -> ok", `line 1: post has no field "color=red"`},
		{"no value", "post key -> ok", `line 1: post has no field "key"`},
		{"open quote", `post memo="a -> ok`, "line 1: a quote is not closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ledgertest.ParseScenario("bad", c.text)
			require.ErrorContains(t, err, "scenario bad, "+c.want)
		})
	}
	_, err := ledgertest.ParseScenario("bad", "buy -> ok\npost key=T1\nsell -> ok")
	require.ErrorContains(t, err, "line 1") // all at once
	require.ErrorContains(t, err, "line 2")
	require.ErrorContains(t, err, "line 3")
}

// TestPlayFaults lets scenarios fail that must.
func TestPlayFaults(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"another answer", "head -> 12/0\nhead -> 12/1", "line 2: head gives 12/0, want 12/1"},
		{"a refusal that does not come", "post key=T1 date=2026-11-10 debit=10102 credit=10103 amount=5 -> below_floor", "gives ok, want below_floor"},
		{"another refusal", "post key=T1 date=2026-11-10 debit=10102 credit=10103 amount=0 -> below_floor", "gives amount_zero, want below_floor"},
		{"no date", "balance of=10102 date=31.11. -> 0", "line 1: field date"},
		{"no amount", "post key=T1 date=2026-11-10 debit=10102 credit=10103 amount=1,5 -> ok", "line 1: field amount"},
		{"no number", "reverse key=R entry=first date=2026-11-10 reason=x -> ok", "line 1: field entry"},
		{"no block", "block key=B of=30101/M1 block=half reason=x -> ok", "line 1: field block"},
		{"no phase", "post key=T1 phase=soon date=2026-11-10 debit=10102 credit=10103 amount=1 -> ok", "line 1: field phase"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := ledgertest.ParseScenario("bad", c.text)
			require.NoError(t, err)
			failures := ledgertest.Messages(func(t ledgertest.T) { s.Play(t, ledger.NewMemory()) })
			require.Len(t, failures, 1)
			require.Contains(t, failures[0], c.want)
		})
	}
}

func TestScenariosAreThere(t *testing.T) {
	var names []string
	for _, s := range ledgertest.Scenarios() {
		names = append(names, s.Name)
	}
	require.Contains(t, names, "order_of_refusals")
	require.Greater(t, len(names), 10)
}

func FuzzParseScenario(f *testing.F) {
	f.Add("post key=T1 date=2026-11-10 debit=10102 credit=30101/M1 amount=1000 -> ok")
	f.Add("# nothing\n\n\"\" -> \"\"")
	f.Add("balance of=\"a b\"c -> \xff")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ledgertest.ParseScenario("fuzz", text)
		if err == nil && len(text) < 1000 {
			ledgertest.Messages(func(t ledgertest.T) { s.Play(t, ledger.NewMemory()) })
		}
	})
}

func TestMessages(t *testing.T) {
	closed := 0
	run := func(test func(ledgertest.T)) []string {
		return ledgertest.Messages(func(t ledgertest.T) {
			t.Cleanup(func() { closed++ })
			t.Helper()
			t.Logf("not a failure")
			test(t)
		})
	}
	require.Empty(t, run(func(ledgertest.T) {}))
	require.Equal(t, []string{"one 1", "two"}, run(func(t ledgertest.T) {
		t.Errorf("one %d", 1)
		t.Fatalf("two")
		t.Errorf("never")
	}))
	messages := run(func(ledgertest.T) { panic(errors.New("thrown")) })
	require.Len(t, messages, 1)
	require.True(t, strings.HasPrefix(messages[0], "panic: thrown\n"))
	require.Empty(t, run(func(ledgertest.T) { runtime.Goexit() }))
	require.Equal(t, 4, closed)
	var dir string
	require.Empty(t, ledgertest.Messages(func(t ledgertest.T) { dir = t.TempDir() }))
	require.NoDirExists(t, dir)
}

// TestExerciseNotices that a store answers wrongly, and names the seed.
func TestExerciseNotices(t *testing.T) {
	messages := ledgertest.Messages(func(t ledgertest.T) {
		c := writingCanaries()["floor forgotten"]
		c.Store = ledger.NewMemory()
		ledgertest.Exercise(t, c, 4711, 3000)
	})
	require.NotEmpty(t, messages)
	require.Contains(t, messages[0], "seed 4711, operation ")
}
