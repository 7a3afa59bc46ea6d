package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger/savings"
)

// The final tax follows the product's terms, and a product that is not taxed
// pays its shares in full.
func TestTaxFollowsTheTerms(t *testing.T) {
	require.False(t, earner(&savings.Earning{Account: "M0001-SIMUDA", Taxed: true}).Untaxed)
	require.True(t, earner(&savings.Earning{Account: "M0001-PENYERTAAN"}).Untaxed)
}
