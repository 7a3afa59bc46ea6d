package profitshare_test

import (
	"encoding/json"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/profitshare"
)

// The seven cases of the final tax on a member's return of one month, on both
// sides of the cliff: as one return, as two accounts of which neither reaches
// the threshold by much, and as two pay-outs of the same month.
func TestFinalTaxCases(t *testing.T) {
	data, err := os.ReadFile("testdata/final_tax.json")
	require.NoError(t, err)
	var file struct {
		Cases []struct {
			Return int64 `json:"imbalan_sebulan"`
			Tax    int64 `json:"pph"`
		} `json:"cases"`
	}
	require.NoError(t, json.Unmarshal(data, &file))
	require.Len(t, file.Cases, 7)
	rule := profitshare.PP15()
	for _, c := range file.Cases {
		t.Run(strconv.FormatInt(c.Return, 10), func(t *testing.T) {
			gross, tax := ledger.IDR.Of(c.Return), ledger.IDR.Of(c.Tax)
			one, err := rule.Withhold([]profitshare.Return{pays("a1", "A", c.Return)}, nil)
			require.NoError(t, err)
			require.Equal(t, tax, one.Tax)
			require.Equal(t, gross.Sub(tax), one.Net)

			// Each account's tax is cut by itself: together at most a rupiah less.
			part := c.Return / 3
			returns := []profitshare.Return{pays("a1", "A", part), pays("a2", "A", c.Return-part)}
			two, err := rule.Withhold(returns, nil)
			require.NoError(t, err)
			require.False(t, tax.Less(two.Tax))
			require.False(t, two.Tax.Less(tax.Sub(ledger.IDR.Of(1))))
			require.Equal(t, c.Tax == 0, two.Tax.IsZero(), "one threshold for all accounts of a member")

			first, err := rule.Withhold(returns[:1], nil)
			require.NoError(t, err)
			second, err := rule.Withhold(returns[1:], first.Rows)
			require.NoError(t, err)
			require.Empty(t, second.Arrears)
			require.Equal(t, two.Tax, first.Tax.Add(second.Tax), "the second pay-out catches up")
			require.Equal(t, gross, ledger.Sum(first.Net, second.Net, two.Tax))
		})
	}
}
