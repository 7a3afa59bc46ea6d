package profitshare

import (
	"encoding/json"

	"github.com/mizan-coop/mizan/ledger"
)

// Ratios are stored as text of our own making: the decimal package's own JSON
// depends on a process-wide switch, and a book must not.

// MarshalJSON writes the stored form.
func (q Product) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Code         string       `json:"code"`
		Control      string       `json:"control"`
		ShareAccount string       `json:"share_account"`
		Nisbah       string       `json:"nisbah"`
		Weight       string       `json:"weight"`
		Tiering      Tiering      `json:"tiering,omitempty"`
		Tiers        []Tier       `json:"tiers,omitempty"`
		Minimum      ledger.Money `json:"minimum,omitzero"`
		Weighing     Weighing     `json:"weighing,omitzero"`
	}{q.Code, q.Control, q.ShareAccount, clipDecimal(q.Nisbah), clipDecimal(q.Weight), q.Tiering, q.Tiers, q.Minimum, q.Weighing})
}

// MarshalJSON writes the stored form.
func (t Tier) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		From   ledger.Money `json:"from"`
		Nisbah string       `json:"nisbah"`
		Weight string       `json:"weight"`
	}{t.From, clipDecimal(t.Nisbah), clipDecimal(t.Weight)})
}

// MarshalJSON writes the stored form.
func (s Splitting) MarshalJSON() ([]byte, error) {
	weight := ""
	if !s.Weight.IsZero() {
		weight = clipDecimal(s.Weight)
	}
	return json.Marshal(struct {
		Policy    SplitPolicy `json:"policy,omitempty"`
		Financing []string    `json:"financing,omitempty"`
		Own       []string    `json:"own,omitempty"`
		Weight    string      `json:"weight,omitempty"`
	}{s.Policy, s.Financing, s.Own, weight})
}

// MarshalJSON writes the stored form.
func (r TaxRule) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		From      ledger.Date     `json:"from"`
		Threshold ledger.Money    `json:"threshold"`
		Rate      string          `json:"rate"`
		Rounding  ledger.Rounding `json:"rounding"`
		Step      ledger.Money    `json:"step"`
		Source    string          `json:"source"`
	}{r.From, r.Threshold, clipDecimal(r.Rate), r.Rounding, r.Step, r.Source})
}
