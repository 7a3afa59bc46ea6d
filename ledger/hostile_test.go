package ledger_test

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// TestCallersCannotReachIn overwrites everything that was handed in and
// everything that is handed out; the book must not notice.
func TestCallersCannotReachIn(t *testing.T) {
	ctx := context.Background()
	book := newEventful(t, ledger.NewMemory(), "b")
	t.Cleanup(func() { requireSound(t, book) })
	later := eventfulDay.AddDays(70)

	given := deposit("given", later, "M2", 10)
	posted, err := book.Post(ctx, given)
	require.NoError(t, err)
	given.Lines[0].Amount, given.Lines[1].Sub = ledger.IDR.Of(99), "X"
	again, err := book.Post(ctx, deposit("given", later, "M2", 10))
	require.NoError(t, err)
	require.True(t, again.Repeat)
	require.Equal(t, posted.Number, again.Number)

	record := ledger.Record{Key: "rec", Kind: "k", ID: "i", Version: 1, Event: "e", Data: json.RawMessage(`{"a":1}`), State: json.RawMessage(`{"s":1}`)}
	saved, err := ledger.Update(ctx, book, func(tx *ledger.Tx) (ledger.Record, error) { return tx.Save(record) })
	require.NoError(t, err)
	scribble(reflect.ValueOf(&record))
	scribble(reflect.ValueOf(&saved))
	scribble(reflect.ValueOf(&posted))
	scribble(reflect.ValueOf(&again))

	history := changesOf(t, book)
	want := make([]ledger.Change, len(history))
	for i := range history {
		want[i] = deepCopy(reflect.ValueOf(history[i])).Interface().(ledger.Change)
		scribble(reflect.ValueOf(&history[i]))
	}
	read := func(tx *ledger.Tx) error {
		for posted, err := range tx.Entries(1) {
			require.NoError(t, err)
			scribble(reflect.ValueOf(&posted))
		}
		posted, _, err := tx.EntryByKey("given")
		require.NoError(t, err)
		scribble(reflect.ValueOf(&posted))
		for _, kind := range []string{"k", "murabahah", "savings"} {
			for r, err := range tx.Records(kind, "") {
				require.NoError(t, err)
				for version, err := range tx.History(kind, r.ID) {
					require.NoError(t, err)
					scribble(reflect.ValueOf(&version))
				}
				latest, _, err := tx.Record(kind, r.ID)
				require.NoError(t, err)
				scribble(reflect.ValueOf(&latest))
				scribble(reflect.ValueOf(&r))
			}
		}
		holds, err := tx.Holds("30101", "M2")
		require.NoError(t, err)
		scribble(reflect.ValueOf(&holds))
		for ch, err := range tx.Changes(1) {
			require.NoError(t, err)
			scribble(reflect.ValueOf(&ch))
		}
		command, _, err := tx.Command("given")
		require.NoError(t, err)
		changes, err := tx.ChangesOf(command)
		require.NoError(t, err)
		scribble(reflect.ValueOf(&changes))
		return nil
	}
	require.NoError(t, book.View(ctx, read))
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		_, err := tx.Post(deposit("staged", later, "M2", 10))
		require.NoError(t, err)
		_, err = tx.Save(ledger.Record{Key: "rec2", Kind: "k", ID: "i", Version: 2, Event: "e", State: json.RawMessage(`{"s":2}`)})
		require.NoError(t, err)
		return read(tx)
	}))
	require.Equal(t, want, changesOf(t, book)[:len(want)])

	// A backup's changes may be used again by whoever reads them.
	buffer := changesOf(t, book)
	restored, err := ledger.Restore(ctx, ledger.NewMemory(), ledger.Config{ID: "b", Clock: fixedClock()}, each(buffer))
	require.NoError(t, err)
	for i := range buffer {
		scribble(reflect.ValueOf(&buffer[i]))
	}
	requireSound(t, restored)
}

// scribble overwrites whatever can be reached from v.
func scribble(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			scribble(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			scribble(v.Index(i))
		}
	case reflect.Struct:
		if _, changed := another(v.Interface()); changed && v.CanSet() {
			to, _ := another(v.Interface())
			v.Set(reflect.ValueOf(to))
			return
		}
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				scribble(v.Field(i))
			}
		}
	default:
		if v.CanSet() {
			if to, changed := another(v.Interface()); changed {
				v.Set(reflect.ValueOf(to).Convert(v.Type()))
			}
		}
	}
}

// TestNothingIsAnArgument calls every method with nothing and with the worst
// there is, inside View and Update: refusals, never a panic, never a change.
func TestNothingIsAnArgument(t *testing.T) {
	ctx := context.Background()
	book := newEventful(t, ledger.NewMemory(), "b")
	head, err := book.Head(ctx)
	require.NoError(t, err)
	long := strings.Repeat("\xff", 1<<16)
	for _, filled := range []bool{false, true} {
		call := func(tx *ledger.Tx) error {
			methods := reflect.ValueOf(tx)
			for i := range methods.NumMethod() {
				name := methods.Type().Method(i).Name
				if name == "Atomic" {
					continue // takes a function; nil is the caller's own mistake
				}
				method := methods.Method(i)
				args := make([]reflect.Value, method.Type().NumIn())
				for j := range args {
					args[j] = reflect.New(method.Type().In(j)).Elem()
					if filled {
						fill(args[j], long)
					}
				}
				for _, result := range method.Call(args) {
					if result.Kind() == reflect.Func && !result.IsNil() {
						drain(result)
					}
				}
			}
			return nil
		}
		require.NoError(t, book.View(ctx, call))
		require.NoError(t, book.Update(ctx, call))
	}
	after, err := book.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, head, after)
	requireSound(t, book)
}

// fill makes the worst of a value: invalid dates and amounts, huge numbers,
// long texts that are no text.
func fill(v reflect.Value, text string) {
	switch v.Interface().(type) {
	case ledger.Date:
		v.Set(reflect.ValueOf(ledger.On(2026, 2, 31)))
		return
	case ledger.Money:
		v.Set(reflect.ValueOf(ledger.Minor(ledger.MaxMoney).Add(ledger.Minor(1))))
		return
	case json.RawMessage:
		v.SetBytes([]byte(text))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int64:
		v.SetInt(-1)
	case reflect.Uint8, reflect.Uint64:
		v.SetUint(0xff)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i), text)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		for i := range v.Len() {
			fill(v.Index(i), text)
		}
	}
}

// drain runs an iterator to its end.
func drain(seq reflect.Value) {
	yield := reflect.MakeFunc(seq.Type().In(0), func([]reflect.Value) []reflect.Value { return []reflect.Value{reflect.ValueOf(true)} })
	seq.Call([]reflect.Value{yield})
}

// TestAbandonedIterators leaves every list after its first element, and goes on
// writing: nothing is stuck.
func TestAbandonedIterators(t *testing.T) {
	ctx := context.Background()
	book := newEventful(t, ledger.NewMemory(), "b")
	leave := func(tx *ledger.Tx) error {
		for range tx.Accounts() {
			break
		}
		for range tx.Subs("30101", "") {
			break
		}
		for range tx.Changes(1) {
			break
		}
		for range tx.Entries(1) {
			break
		}
		for range tx.Lines(ledger.LineQuery{}) {
			break
		}
		for range tx.Lines(ledger.LineQuery{Account: "10102", Descending: true}) {
			break
		}
		for range tx.Balances(ledger.Latest()) {
			break
		}
		for range tx.Turnovers("10102", "", eventfulDay.AddDays(-99), eventfulDay) {
			break
		}
		for range tx.Records("murabahah", "") {
			break
		}
		for range tx.History("murabahah", "MRB-1") {
			break
		}
		for range tx.Assertions() {
			break
		}
		return nil
	}
	require.NoError(t, book.View(ctx, leave))
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		if _, err := tx.Post(deposit("new", eventfulDay.AddDays(70), "M2", 1)); err != nil {
			return err
		}
		return leave(tx)
	}))
	for range book.Check(ctx) {
		break
	}
	_, err := book.Post(ctx, deposit("after", eventfulDay.AddDays(70), "M2", 1))
	require.NoError(t, err)
	requireSound(t, book)
}

// TestOneCommandOverSteps: a command goes on after a step inside which it has
// written, and after a step that was taken back.
func TestOneCommandOverSteps(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	act := func(tx *ledger.Tx) error {
		_, repeated, err := tx.Repeat(ledger.Command{Key: "K", Kind: "desk.act"})
		if err != nil || repeated {
			return err
		}
		require.NoError(t, tx.Atomic(func() error { _, err := tx.Post(deposit("", eventfulDay, "M1", 1)); return err }))
		require.Error(t, tx.Atomic(func() error {
			_, err := tx.Post(deposit("", eventfulDay, "M1", 2))
			require.NoError(t, err)
			_, err = tx.Post(ledger.Entry{})
			return err
		}))
		require.NoError(t, tx.Atomic(func() error {
			_, _, err := tx.Repeat(ledger.Command{Key: "inner", Kind: "other.act"})
			require.NoError(t, err)
			_, err = tx.Post(deposit("", eventfulDay, "M1", 4))
			return err
		}))
		_, err = tx.Post(deposit("K", eventfulDay, "M1", 8))
		return err
	}
	for range 2 {
		require.NoError(t, book.Update(ctx, act))
	}
	require.Equal(t, ledger.IDR.Of(-13), balanceOf(t, book, "30101", "M1", ledger.Latest()))
	require.NoError(t, book.View(ctx, func(tx *ledger.Tx) error {
		command, found, err := tx.Command("K")
		require.NoError(t, err)
		require.True(t, found)
		changes, err := tx.ChangesOf(command)
		require.NoError(t, err)
		require.Len(t, changes, 2)
		return nil
	}))
	// A step inside may not take the key for something else.
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		_, _, err := tx.Repeat(ledger.Command{Key: "K2", Kind: "desk.act"})
		require.NoError(t, err)
		require.NoError(t, tx.Atomic(func() error {
			_, _, err := tx.Repeat(ledger.Command{Key: "inner2", Kind: "other.act"})
			require.NoError(t, err)
			_, err = tx.Post(deposit("K2", eventfulDay, "M1", 16))
			return err
		}))
		_, err = tx.Post(deposit("", eventfulDay, "M1", 32))
		require.ErrorIs(t, err, ledger.ErrKeyConflict)
		return nil
	}))
}

// TestPanicInsideAStep takes the step back and leaves what was written before.
func TestPanicInsideAStep(t *testing.T) {
	ctx := context.Background()
	book := newBook(t)
	require.NoError(t, book.Update(ctx, func(tx *ledger.Tx) error {
		_, err := tx.Post(deposit("T1", eventfulDay, "M1", 1))
		require.NoError(t, err)
		func() {
			defer func() { require.NotNil(t, recover()) }()
			_ = tx.Atomic(func() error {
				_, err := tx.Post(deposit("T2", eventfulDay, "M1", 2))
				require.NoError(t, err)
				panic("the caller's own")
			})
		}()
		_, err = tx.Post(deposit("T3", eventfulDay, "M1", 4))
		return err
	}))
	require.Equal(t, ledger.IDR.Of(-5), balanceOf(t, book, "30101", "M1", ledger.Latest()))
}
