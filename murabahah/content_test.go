package murabahah_test

import (
	"reflect"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// Whatever differs in a command makes it another one, but for its key: each
// field of each command, down to the plan and the terms.
func TestEveryFieldOfEveryCommandIsContent(t *testing.T) {
	commands := []murabahah.Command{
		&murabahah.Payment{}, &murabahah.DownPayment{}, &murabahah.Penalty{}, &murabahah.Acquisition{}, &murabahah.Sale{},
		&murabahah.Settlement{}, &murabahah.Cancellation{}, &murabahah.Stocking{},
	}
	for _, name := range murabahah.Events() {
		if command := murabahah.Asked(name); command != nil {
			commands = append(commands, command)
		}
	}
	require.Greater(t, len(commands), 35)
	for _, command := range commands {
		plain := digestOf(t, command)
		eachField(reflect.ValueOf(command).Elem(), reflect.TypeOf(command).Elem().Name(), func(path string) {
			if _, key := lastOf(path); key == "Key" {
				require.Equal(t, plain, digestOf(t, command), path)
				return
			}
			require.NotEqual(t, plain, digestOf(t, command), path)
		})
	}
}

// digestOf is the content of the command as a caller gives it, by value.
func digestOf(t testing.TB, command murabahah.Command) ledger.Digest {
	t.Helper()
	byValue := reflect.ValueOf(command).Elem().Interface().(murabahah.Command)
	digest, err := murabahah.Content(byValue)
	require.NoError(t, err)
	return digest
}

func lastOf(path string) (string, string) {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '.' {
			return path[:i], path[i+1:]
		}
	}
	return "", path
}

// eachField sets one field after the other to something, looks, and takes it
// back.
func eachField(v reflect.Value, path string, look func(string)) {
	for i := range v.NumField() {
		field, name := v.Field(i), path+"."+v.Type().Field(i).Name
		before := reflect.ValueOf(field.Interface())
		switch something := field.Interface().(type) {
		case ledger.Money:
			field.Set(reflect.ValueOf(ledger.Minor(7)))
		case ledger.Date:
			field.Set(reflect.ValueOf(ledger.On(2026, 2, 3)))
		case ledger.Standing:
			field.Set(reflect.ValueOf(ledger.Candidate))
		case ledger.Rounding:
			field.Set(reflect.ValueOf(ledger.RoundUp))
		case decimal.Decimal:
			field.Set(reflect.ValueOf(decimal.New(1, -2)))
		case []murabahah.Instalment:
			field.Set(reflect.ValueOf([]murabahah.Instalment{{Amount: ledger.Minor(1)}}))
		case *murabahah.Admission:
			field.Set(reflect.ValueOf(&murabahah.Admission{Facts: murabahah.Facts{Months: 2}}))
		case []int:
			field.Set(reflect.ValueOf([]int{4}))
		default:
			switch field.Kind() {
			case reflect.String:
				field.SetString("x")
			case reflect.Int:
				field.SetInt(3)
			case reflect.Bool:
				field.SetBool(true)
			case reflect.Struct:
				eachField(field, name, look)
				continue
			default:
				panic("no value for " + name + reflect.TypeOf(something).String())
			}
		}
		look(name)
		field.Set(before)
	}
}
