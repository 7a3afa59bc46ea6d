package murabahah

import (
	"encoding/json"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/mizan-coop/mizan/ledger"
)

// The content of a command: everything that was asked for, its key apart. A
// key that comes again is a repeat only if the content is the same.

func (r Receipt) content(name EventName) ledger.Digest {
	return r.said(name).Digest()
}

// said leaves out what is left out, so that a field of a later release does
// not change the content of a command that does not use it.
func (r Receipt) said(name EventName) *ledger.Content {
	said := about(name, r.Contract, r.Date).Money(r.Amount).Text(r.Place.Account).Text(r.Place.Sub).
		Uint(uint64(r.Standing)).Text(r.Note).
		Text(r.Memo).Text(r.Document).Text(r.Maker).Text(r.Approver)
	if r.Payer != (ledger.Party{}) {
		said = said.Text("payer").Text(r.Payer.Member).Uint(uint64(r.Payer.Standing))
	}
	return said
}

func (a Acquisition) content() ledger.Digest {
	r := a.receipt()
	r.Contract = a.Contract
	said := r.said(EventAcquire)
	if a.SupplierMember != "" || a.Open || a.Awaiting {
		said = said.Text("purchase").Text(a.SupplierMember).Bool(a.Open).Bool(a.Awaiting)
	}
	return said.Digest()
}

func (s Sale) content() ledger.Digest {
	said := about(EventSell, s.Contract, s.Date).Uint(uint64(s.Standing)).
		Text(s.Memo).Text(s.Document).Text(s.Maker).Text(s.Approver)
	if s.Place != (Place{}) {
		said = said.Text("cash").Text(s.Place.Account).Text(s.Place.Sub)
	}
	return said.Digest()
}

func (s Settlement) content() ledger.Digest {
	said := about(EventSettle, s.Contract, s.Date).Text(s.Place.Account).Text(s.Place.Sub).
		Uint(uint64(s.Standing)).Text(s.Note).
		Text(s.Memo).Text(s.Document).Text(s.Maker).Text(s.Approver)
	if !s.Rebate.IsZero() {
		said = said.Text("rebate").Money(s.Rebate)
	}
	if s.Payer != (ledger.Party{}) {
		said = said.Text("payer").Text(s.Payer.Member).Uint(uint64(s.Payer.Standing))
	}
	return said.Digest()
}

func (n Cancellation) content() ledger.Digest {
	said := about(EventCancel, n.Contract, n.Date).Money(n.ActualLoss).Text(n.Evidence).Text(n.Place.Account).Text(n.Place.Sub).
		Uint(uint64(n.Standing)).
		Text(n.Memo).Text(n.Document).Text(n.Maker).Text(n.Approver)
	if n.Claim {
		said = said.Text("claim")
	}
	return said.Digest()
}

func (r Reversal) content() ledger.Digest {
	return about(EventReverse, r.Contract, r.Date).Int(int64(r.Version)).Text(r.Reason).
		Text(r.Memo).Text(r.Document).Text(r.Maker).Text(r.Approver).Digest()
}

func (o Ordering) content() (ledger.Digest, error) {
	terms, err := o.Terms.content()
	said := about(EventOrder, o.Terms.Contract, o.Date).Bytes(terms).
		Text(o.Document).Text(o.Maker).Text(o.Approver)
	if o.Admission != nil && err == nil {
		var admission []byte
		admission, err = json.Marshal(o.Admission)
		said = said.Text("admission").Bytes(admission)
	}
	return said.Digest(), err
}

func (a Adoption) content() (ledger.Digest, error) {
	terms, err := a.Terms.content()
	said := about(EventAdopt, a.Terms.Contract, a.Date).Bytes(terms).Text(string(a.State)).
		Money(a.DownPayment).Money(a.Collected).
		Text(a.Document).Text(a.Maker).Text(a.Approver)
	if a.OldBooks || !a.Due.IsZero() || !a.SoldOn.IsZero() || !a.Recognised.IsZero() {
		said = said.Text("progress").Bool(a.OldBooks).Money(a.Recognised).Money(a.Due).Date(a.SoldOn)
	}
	return said.Digest(), err
}

func about(name EventName, contract string, day ledger.Date) *ledger.Content {
	return ledger.NewContent(kindOf(name)).Text(contract).Date(day)
}

// content returns the terms' stored form, the rate without zeros at its end: a
// field that a later release adds does not change it while it is left out.
// Terms that cannot be stored are refused.
func (t Terms) content() ([]byte, error) {
	if checkRate(t.Recognition.Rate) == "" {
		t.Recognition.Rate = withoutZeros(t.Recognition.Rate)
	}
	content, err := json.Marshal(t)
	if err == nil {
		return content, nil
	}
	if refusal := t.Validate(); refusal != nil {
		return nil, refusal
	}
	return nil, t.refuse("terms.form", "the terms cannot be stored: %v", err)
}

// withoutZeros returns a rate of a few digits without decimals that are zero.
func withoutZeros(rate decimal.Decimal) decimal.Decimal {
	digits, places := rate.Coefficient(), rate.Exponent()
	for ten := big.NewInt(10); places < 0; places++ {
		shorter, rest := new(big.Int).QuoRem(digits, ten, new(big.Int))
		if rest.Sign() != 0 {
			break
		}
		digits = shorter
	}
	return decimal.NewFromBigInt(digits, places)
}
