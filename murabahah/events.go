package murabahah

import (
	"encoding/json"
	"fmt"

	"github.com/mizan-coop/mizan/ledger"
	"github.com/mizan-coop/mizan/ledger/contract"
)

// EventName names what happened.
type EventName string

const (
	EventOrder         EventName = "order"          // terms agreed, no money
	EventAdopt         EventName = "adopt"          // a running contract taken over, posts nothing
	EventOffer         EventName = "offer"          // terms agreed anew before the akad, no money
	EventDeposit       EventName = "deposit"        // hamish jiddiyah received with the promise
	EventReturnDeposit EventName = "return_deposit" // hamish jiddiyah given back
	EventDownPayment   EventName = "down_payment"   // part of the price received before the sale
	EventCancel        EventName = "cancel"         // the order given up, what was paid returned

	EventStock   EventName = "stock"   // goods bought without an order
	EventAdvance EventName = "advance" // money paid to the supplier before the goods came
	EventEntrust EventName = "entrust" // the member deputised to buy (wakalah)
	EventAcquire EventName = "acquire" // the goods bought
	EventPossess EventName = "possess" // the goods taken over (qabdh)
	EventCost    EventName = "cost"    // a further cost of the goods paid
	EventImpair  EventName = "impair"  // value lost before the sale
	EventDispose EventName = "dispose" // goods that nobody ordered sold otherwise

	EventSell    EventName = "sell"         // the akad
	EventDeliver EventName = "deliver"      // the goods handed to the buyer
	EventFee     EventName = "fee"          // an administration fee at real cost
	EventReturn  EventName = "return_goods" // the goods given back for a defect

	EventDue        EventName = "due"         // instalments fallen due and unpaid set apart
	EventPay        EventName = "pay"         // cash collected on the instalments
	EventApplyHeld  EventName = "apply_held"  // held money used for what is due
	EventReturnHeld EventName = "return_held" // held money given back
	EventSettle     EventName = "settle"      // settled early, with the rebate due
	EventPayRebate  EventName = "pay_rebate"  // the rebate of a settlement in full paid back

	EventSupplierDiscount EventName = "supplier_discount" // the supplier's discount, before the akad or after
	EventPayDiscount      EventName = "pay_discount"      // the buyer's part of it paid, or given to the fund
	EventDiscount         EventName = "discount"          // a discount for prompt payment
	EventConcession       EventName = "concession"        // a reduction for a member in difficulty
	EventRelease          EventName = "release"           // the rest of a debt released
	EventPenalty          EventName = "penalty"           // a penalty received, for the benevolent fund
	EventCompensation     EventName = "compensation"      // ta'widh: real costs of a breach received

	EventRevise   EventName = "revise"         // dates and instalments of the rest agreed anew
	EventStop     EventName = "stop_accrual"   // margin accrued no longer
	EventResume   EventName = "resume_accrual" // margin accrued again
	EventJudge    EventName = "judge"          // a class set by management
	EventAbility  EventName = "ability"        // whether the member is able to pay
	EventRealise  EventName = "realise"        // object or collateral sold for the debt
	EventTakeOver EventName = "take_over"      // collateral taken over for the debt
	EventConvert  EventName = "convert"        // the object bought back for another akad
	EventWriteOff EventName = "write_off"      // the debt charged to the allowance, still claimed
	EventRecover  EventName = "recover"        // received after the write-off

	EventReverse EventName = "reverse" // the latest event undone
)

var memos = map[EventName]string{
	EventOrder:            "Pesanan murabahah",
	EventAdopt:            "Pengambilalihan murabahah",
	EventOffer:            "Penawaran murabahah",
	EventDeposit:          "Hamish jiddiyah murabahah",
	EventReturnDeposit:    "Pengembalian hamish jiddiyah murabahah",
	EventDownPayment:      "Uang muka murabahah",
	EventCancel:           "Pembatalan pesanan murabahah",
	EventStock:            "Pembelian persediaan murabahah",
	EventAdvance:          "Uang muka kepada pemasok, murabahah",
	EventEntrust:          "Wakalah pembelian barang, murabahah",
	EventAcquire:          "Perolehan aset murabahah",
	EventPossess:          "Serah terima barang dari pemasok, murabahah",
	EventCost:             "Biaya perolehan aset murabahah",
	EventImpair:           "Penurunan nilai aset murabahah",
	EventDispose:          "Penjualan lain aset murabahah",
	EventSell:             "Penjualan murabahah",
	EventDeliver:          "Penyerahan barang murabahah",
	EventFee:              "Biaya administrasi murabahah",
	EventReturn:           "Pengembalian barang cacat, murabahah",
	EventDue:              "Angsuran murabahah jatuh tempo",
	EventPay:              "Angsuran murabahah",
	EventApplyHeld:        "Angsuran dari titipan, murabahah",
	EventReturnHeld:       "Pengembalian titipan murabahah",
	EventSettle:           "Pelunasan dipercepat murabahah",
	EventPayRebate:        "Pengembalian potongan pelunasan murabahah",
	EventSupplierDiscount: "Diskon pemasok, murabahah",
	EventPayDiscount:      "Penyaluran diskon pemasok, murabahah",
	EventDiscount:         "Potongan pembayaran tepat waktu, murabahah",
	EventConcession:       "Potongan karena penurunan kemampuan, murabahah",
	EventRelease:          "Pembebasan sisa utang murabahah",
	EventPenalty:          "Denda (ta'zir) untuk dana kebajikan, murabahah",
	EventCompensation:     "Ganti rugi (ta'widh) murabahah",
	EventRevise:           "Penjadwalan kembali murabahah",
	EventStop:             "Penghentian akrual margin murabahah",
	EventResume:           "Akrual margin murabahah dilanjutkan",
	EventJudge:            "Penetapan kolektibilitas murabahah",
	EventAbility:          "Kemampuan membayar, murabahah",
	EventRealise:          "Penyelesaian murabahah lewat penjualan objek atau agunan",
	EventTakeOver:         "Agunan diambil alih, murabahah",
	EventConvert:          "Konversi akad murabahah",
	EventWriteOff:         "Hapus buku murabahah",
	EventRecover:          "Penerimaan kembali murabahah yang dihapus buku",
}

// Place is the account of the cooperative through which money comes or goes:
// cash, a bank, a member's savings account with its sub key.
type Place = ledger.Place

// Voucher is the paper behind an event and its entry. All of it is optional
// unless a command says that it needs a document.
type Voucher = contract.Voucher

// Event is one thing that happened to a contract, with every amount that was
// decided: [Contract.Apply] adds up and computes no rule, so an old book
// replays under a new release.
type Event struct {
	Name    EventName   `json:"name"`
	Version int         `json:"version"` // the contract's version that this event makes, from 1
	Date    ledger.Date `json:"date"`    // the day of its entry
	From    State       `json:"from"`
	To      State       `json:"to"`
	// Latest is the day the contract has come to: the event's own date, or
	// after a reversal the date of the event that is the latest again.
	Latest ledger.Date `json:"latest,omitzero"`

	Party  ledger.Party `json:"party,omitzero"` // the buyer, and what that person is on this day
	Payer  ledger.Party `json:"payer,omitzero"` // who pays for the buyer, if not the buyer
	Place  Place        `json:"place,omitzero"` // where the cash went
	Cash   ledger.Money `json:"cash,omitzero"`  // received; below zero if paid out
	Beside *Leg         `json:"beside,omitempty"`
	Change Position     `json:"change,omitzero"`

	Terms *Terms `json:"terms,omitempty"` // order, offer, stock, adopt; and the earlier ones when one of them is undone
	// Course is what the contract has come to beside its amounts, if the event
	// changes that.
	Course *Course `json:"course,omitempty"`
	Note   string  `json:"note,omitempty"` // supplier, evidence, reason
	Voucher
	// Asked is the command as it was given, so that it can be carried out
	// again after an earlier one was corrected.
	Asked  json.RawMessage `json:"asked,omitempty"`
	Undoes int             `json:"undoes,omitempty"` // reverse: the version undone
	Undone EventName       `json:"undone,omitempty"` // reverse: what that event was
}

// Leg is money that goes through a second account.
type Leg struct {
	Place Place        `json:"place"`
	Cash  ledger.Money `json:"cash"` // received; below zero if paid out
}

// Moves reports whether the event moves money between accounts. An event that
// does not has no entry.
func (e Event) Moves() bool {
	if e.Name == EventAdopt || e.Undone == EventAdopt {
		return false
	}
	if !e.Cash.IsZero() || e.Beside != nil {
		return true
	}
	for i := range roles {
		if r := roles[i]; !r.stands(&e.Change).IsZero() {
			return true
		}
	}
	return false
}

func (e Event) places() []Place {
	var places []Place
	if e.Place.Account != "" {
		places = append(places, e.Place)
	}
	if e.Beside != nil {
		places = append(places, e.Beside.Place)
	}
	return places
}

// String returns the event's name, version and date.
func (e Event) String() string { return fmt.Sprintf("%s #%d on %s", e.Name, e.Version, e.Date) }
