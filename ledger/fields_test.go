package ledger_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

// eachField calls visit once for every field inside v, with the field's path
// and a deep copy of v in which that field alone is another. Lists are also
// visited with an element less, twice, and in another order.
func eachField[T any](t *testing.T, v T, visit func(path string, changed T)) {
	t.Helper()
	fresh := func() (T, reflect.Value) {
		copied := deepCopy(reflect.ValueOf(&v)).Interface().(*T)
		return *copied, reflect.ValueOf(copied).Elem()
	}
	var walk func(path string, at func(reflect.Value) reflect.Value)
	walk = func(path string, at func(reflect.Value) reflect.Value) {
		_, probe := fresh()
		field := at(probe)
		if changed, ok := another(field.Interface()); ok {
			_, root := fresh()
			at(root).Set(reflect.ValueOf(changed).Convert(field.Type()))
			visit(path, root.Interface().(T))
			return
		}
		switch field.Kind() {
		case reflect.Pointer:
			if !field.IsNil() {
				walk(path, func(root reflect.Value) reflect.Value { return at(root).Elem() })
			}
		case reflect.Struct:
			for i := range field.NumField() {
				walk(path+"."+field.Type().Field(i).Name, func(root reflect.Value) reflect.Value { return at(root).Field(i) })
			}
		case reflect.Slice:
			n := field.Len()
			require.Positive(t, n, "%s: nothing to change", path)
			for i := range n {
				walk(path+"[]", func(root reflect.Value) reflect.Value { return at(root).Index(i) })
			}
			rearranged := map[string]func(list reflect.Value) reflect.Value{
				"without the last":  func(list reflect.Value) reflect.Value { return list.Slice(0, n-1) },
				"without the first": func(list reflect.Value) reflect.Value { return list.Slice(1, n) },
				"the last twice":    func(list reflect.Value) reflect.Value { return reflect.Append(list, list.Index(n-1)) },
				"swapped": func(list reflect.Value) reflect.Value {
					return reflect.Append(reflect.Append(list.Slice3(0, 0, 0), list.Index(n-1)), list.Index(0))
				},
			}
			for what, rearrange := range rearranged {
				_, root := fresh()
				at(root).Set(rearrange(at(root)))
				visit(path+" "+what, root.Interface().(T))
			}
		default:
			t.Fatalf("%s: a field of the unknown kind %s", path, field.Kind())
		}
	}
	walk("", func(root reflect.Value) reflect.Value { return root })
}

// another returns a value like v that is not v.
func another(v any) (any, bool) {
	switch v := v.(type) {
	case ledger.Money:
		return v.Add(ledger.Minor(1)), true
	case ledger.Date:
		if v.IsZero() {
			return ledger.On(2026, time.January, 1), true
		}
		return v.Next(), true
	case time.Time:
		return v.Add(time.Microsecond), true
	case ledger.Digest:
		v[31] ^= 1
		return v, true
	case json.RawMessage:
		return json.RawMessage(string(v) + " "), true
	}
	at := reflect.ValueOf(v)
	changed := reflect.New(at.Type()).Elem()
	switch at.Kind() {
	case reflect.String:
		changed.SetString(at.String() + "x")
	case reflect.Bool:
		changed.SetBool(!at.Bool())
	case reflect.Int, reflect.Int8, reflect.Int64:
		changed.SetInt(at.Int() + 1)
	case reflect.Uint8, reflect.Uint64:
		changed.SetUint(at.Uint() ^ 1)
	default:
		return nil, false
	}
	return changed.Interface(), true
}

func deepCopy(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		copied := reflect.New(v.Type().Elem())
		copied.Elem().Set(deepCopy(v.Elem()))
		return copied
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		copied := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			copied.Index(i).Set(deepCopy(v.Index(i)))
		}
		return copied
	case reflect.Struct:
		copied := reflect.New(v.Type()).Elem()
		copied.Set(v)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				copied.Field(i).Set(deepCopy(v.Field(i)))
			}
		}
		return copied
	}
	return v
}
