package murabahah_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/murabahah"
)

// Every amount of a position is added and negated, and each of them apart.
func TestEveryAmountOfAPosition(t *testing.T) {
	var p, change, sum murabahah.Position
	for i := range reflect.TypeFor[murabahah.Position]().NumField() {
		set := func(p *murabahah.Position, n int) {
			reflect.ValueOf(p).Elem().Field(i).Set(reflect.ValueOf(ledger.Minor(int64(n))))
		}
		set(&p, 1000+i)
		set(&change, 7*i+1)
		set(&sum, 1001+8*i)
	}
	require.Equal(t, sum, p.Add(change))
	require.Equal(t, murabahah.Position{}, p.Add(p.Neg()))
}
