package ledger_test

import (
	"encoding"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mizan-coop/mizan/ledger"
)

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		kind ledger.Kind
		name string
		side ledger.Side
	}{
		{kind: ledger.Asset, name: "asset", side: ledger.DebitSide},
		{kind: ledger.Liability, name: "liability", side: ledger.CreditSide},
		{kind: ledger.Syirkah, name: "syirkah", side: ledger.CreditSide},
		{kind: ledger.Equity, name: "equity", side: ledger.CreditSide},
		{kind: ledger.Income, name: "income", side: ledger.CreditSide},
		{kind: ledger.Expense, name: "expense", side: ledger.DebitSide},
		{kind: ledger.Zakat, name: "zakat", side: ledger.CreditSide},
		{kind: ledger.Benevolent, name: "benevolent", side: ledger.CreditSide},
		{kind: ledger.Memorandum, name: "memorandum", side: ledger.DebitSide},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.True(t, c.kind.Valid())
			require.Equal(t, c.name, c.kind.String())
			require.Equal(t, c.side, c.kind.Side())
			read, err := ledger.ParseKind(c.name)
			require.NoError(t, err)
			require.Equal(t, c.kind, read)
		})
	}
	for _, kind := range []ledger.Kind{0, ledger.Memorandum + 1, 255} {
		require.False(t, kind.Valid())
		require.Equal(t, fmt.Sprintf("account kind(%d)", kind), kind.String())
		require.Zero(t, kind.Side())
	}
	_, err := ledger.ParseKind("")
	require.EqualError(t, err, `ledger: unknown account kind "", want one of: asset, liability, syirkah, equity, income, expense, zakat, benevolent, memorandum`)
	require.ErrorIs(t, err, ledger.ErrName)
	var fault *ledger.NameError
	require.ErrorAs(t, err, &fault)
	require.Len(t, fault.Want, 9)
	for _, text := range []string{"Asset", " asset", "assets", "account kind(1)"} {
		_, err := ledger.ParseKind(text)
		require.ErrorIs(t, err, ledger.ErrName, "%q", text)
	}
}

func TestSides(t *testing.T) {
	amount := ledger.Minor(5)
	require.Equal(t, amount, ledger.DebitSide.Natural(amount))
	require.Equal(t, amount.Neg(), ledger.CreditSide.Natural(amount))
	for _, text := range []string{"", "Debit", "kredit", "side(0)"} {
		_, err := ledger.ParseSide(text)
		require.ErrorIs(t, err, ledger.ErrName, "%q", text)
	}
	for _, side := range []ledger.Side{0, 2, -2, 127, -128} {
		require.False(t, side.Valid())
		require.Equal(t, fmt.Sprintf("side(%d)", side), side.String())
	}
}

// Every enumeration writes its names, reads them back, refuses to write what
// has no name, and keeps its value when it refuses to read.
func TestNamedValues(t *testing.T) {
	type named interface {
		encoding.TextMarshaler
		fmt.Stringer
	}
	for _, c := range []struct {
		name    string
		values  []named
		read    func(string) (named, error)
		unnamed []named
		kept    named
	}{
		{
			name: "kind", values: []named{ledger.Asset, ledger.Memorandum}, unnamed: []named{ledger.Kind(0), ledger.Kind(10)}, kept: ledger.Equity,
			read: func(text string) (named, error) {
				v := ledger.Equity
				err := v.UnmarshalText([]byte(text))
				return v, err
			},
		},
		{
			name: "side", values: []named{ledger.DebitSide, ledger.CreditSide}, unnamed: []named{ledger.Side(0), ledger.Side(2)}, kept: ledger.CreditSide,
			read: func(text string) (named, error) {
				v := ledger.CreditSide
				err := v.UnmarshalText([]byte(text))
				return v, err
			},
		},
		{
			name: "standing", values: []named{ledger.NoStanding, ledger.Member, ledger.Candidate, ledger.Other}, unnamed: []named{ledger.Standing(4)}, kept: ledger.Member,
			read: func(text string) (named, error) {
				v := ledger.Member
				err := v.UnmarshalText([]byte(text))
				return v, err
			},
		},
		{
			name: "activity", values: []named{ledger.Derived, ledger.Operating, ledger.Investing, ledger.Financing, ledger.Fund}, unnamed: []named{ledger.Activity(5)}, kept: ledger.Fund,
			read: func(text string) (named, error) {
				v := ledger.Fund
				err := v.UnmarshalText([]byte(text))
				return v, err
			},
		},
		{
			name: "phase", values: []named{ledger.Phase(0), ledger.Phase(1), ledger.Phase(2)}, unnamed: []named{ledger.Phase(3)}, kept: ledger.Phase(1),
			read: func(text string) (named, error) {
				v := ledger.Phase(1)
				err := v.UnmarshalText([]byte(text))
				return v, err
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, value := range c.values {
				text, err := value.MarshalText()
				require.NoError(t, err)
				require.Equal(t, value.String(), string(text))
				back, err := c.read(string(text))
				require.NoError(t, err)
				require.Equal(t, value, back)
			}
			for _, value := range c.unnamed {
				_, err := json.Marshal(value)
				require.ErrorIs(t, err, ledger.ErrName, "%s", value)
				kept, err := c.read(value.String())
				require.ErrorIs(t, err, ledger.ErrName)
				require.Equal(t, c.kept, kept)
			}
		})
	}
	require.True(t, ledger.NoStanding.Valid() && ledger.Other.Valid() && !ledger.Standing(4).Valid())
	require.True(t, ledger.Derived.Valid() && ledger.Fund.Valid() && !ledger.Activity(5).Valid())
	require.True(t, ledger.Phase(0).Valid() && ledger.Phase(2).Valid() && !ledger.Phase(3).Valid())
}

func TestContra(t *testing.T) {
	for _, c := range []struct {
		name    string
		account ledger.Account
		want    bool
	}{
		{name: "asset", account: ledger.Account{Kind: ledger.Asset, Normal: ledger.DebitSide}},
		{name: "deferred margin", account: ledger.Account{Kind: ledger.Asset, Normal: ledger.CreditSide}, want: true},
		{name: "owners' share", account: ledger.Account{Kind: ledger.Income, Normal: ledger.DebitSide}, want: true},
		{name: "unknown kind", account: ledger.Account{Normal: ledger.DebitSide}},
		{name: "no side", account: ledger.Account{Kind: ledger.Asset}},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, c.account.Contra()) })
	}
}
