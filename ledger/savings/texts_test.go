package savings_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/savings"
)

// What is kept in records must come back as it was given: text that JSON or a
// passbook would change is refused.
func TestTextsThatCannotBeKept(t *testing.T) {
	_, desk := newDesk(t)
	for name, text := range map[string]string{
		"not UTF-8": "\xff\xfe", "line break": "a\nb", "line separator": "a\u2028b", "too long": strings.Repeat("x", ledger.MaxText+1),
	} {
		terms := savings.Terms{From: day(time.January, 1), Name: text}
		_, err := desk.AddProduct(ctx, savings.ProductOpening{Key: "PX", Code: "SIX", Akad: savings.Wadiah, Control: "20101", Terms: terms})
		require.ErrorIs(t, err, savings.ErrProduct, name)
		_, err = desk.Leave(ctx, savings.Leaving{Key: "LX", Date: day(time.March, 1), Member: "M1", Reason: text})
		require.ErrorIs(t, err, savings.ErrCommand, name)
	}
	_, err := desk.Deposit(ctx, savings.Deposit{Key: "DX", Date: day(time.March, 1), Account: "a\nb\u2028c", Amount: rupiah(1), Counter: teller})
	require.EqualError(t, err, "savings: account a\uFFFDb\uFFFDc: there is no such savings account", "one line, whatever was asked")
	terms := savings.Terms{From: day(time.January, 1), Name: strings.Repeat("x", ledger.MaxText)}
	_, err = desk.AddProduct(ctx, savings.ProductOpening{Key: "PX", Code: "SIX", Akad: savings.Wadiah, Control: "20101", Terms: terms})
	require.NoError(t, err)
}
