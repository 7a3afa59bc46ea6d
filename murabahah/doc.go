// Package murabahah keeps murabahah contracts: the cooperative buys goods that
// a member asked for and sells them to the member at a disclosed cost plus an
// agreed margin, to be paid later, usually in instalments.
//
// # Reading order
//
// A [Contract] is data: [Terms], [State], [Position] and [Course]. Its commands
// decide and return an [Event] that carries every amount: by a method of its
// own where it is older, by [Contract.Decide] for every struct that embeds an
// [Act]. [Contract.Apply] adds the event up and computes no rule. [Journal]
// turns it into at most one entry. All of it is pure: no clock, no store, no
// rounding but where a rule names it.
//
//	Contract --command--> Event --Apply--> Contract
//	                        |
//	                        +----Journal--> ledger.Entry
//
// The [Desk] does it on a book: is the key known? load, decide, apply, journal,
// post, save, all in one Update. How that is kept is the same for every contract
// and stands in package ledger/contract. The contract is a record of kind
// [RecordKind], one version an event; its balances stand on the subs of control accounts under
// the contract's id: one table of roles in accounts.go says which amount stands
// where, and every entry comes from it. [Checks] looks that the two agree.
//
// The files, by subject: order.go, purchase.go, sale.go, payment.go,
// settlement.go and quote.go, discount.go, rescheduling.go, default.go,
// adopt.go, reversal.go and correct.go, several.go; plan.go, schedule.go,
// annuity.go, pricing.go and standard.go for what is agreed; arrears.go,
// ageing.go, provision.go, lists.go and card.go for the month's end; buyer.go
// for a cooperative that buys.
//
// # States
//
// The arrows draw every command that leads to another state. A test keeps
// them, and the table below, true.
//
//	unordered --order--> ordered --acquire--> acquired --sell--> sold --pay--> settled
//	ordered --entrust--> entrusted --acquire--> bought --possess--> acquired
//	ordered --acquire--> bought
//	unordered --stock--> stocked --order--> acquired --cancel--> stocked --dispose--> cancelled
//	acquired --sell--> settled
//	ordered --cancel--> cancelled
//	entrusted --cancel--> cancelled
//	bought --cancel--> stocked --order--> bought
//	unordered --adopt--> ordered
//	unordered --adopt--> acquired
//	unordered --adopt--> sold
//	sold --apply_held--> settled
//	sold --settle--> settled
//	sold --discount--> settled
//	sold --concession--> settled
//	sold --release--> settled
//	sold --realise--> settled
//	sold --take_over--> settled
//	sold --convert--> settled
//	sold --write_off--> written_off --recover--> settled
//	sold --return_goods--> stocked
//	settled --return_goods--> stocked
//
// These commands leave a contract in the state in which it is, always or as
// long as something is still owed:
//
//	ordered      offer, deposit, return_deposit, down_payment, advance, fee
//	entrusted    offer, deposit, return_deposit, down_payment, fee
//	bought       offer, deposit, return_deposit, down_payment, fee, cost, impair, supplier_discount
//	acquired     offer, deposit, return_deposit, down_payment, fee, cost, impair, supplier_discount
//	stocked      cost, impair, supplier_discount
//	sold         deliver, fee, due, pay, apply_held, return_held, supplier_discount, pay_discount
//	sold         discount, concession, penalty, compensation, revise, stop_accrual, resume_accrual
//	sold         judge, ability, realise, take_over, convert
//	settled      deliver, return_held, pay_rebate, supplier_discount, pay_discount, discount, penalty, compensation
//	written_off  return_held, pay_discount, compensation, recover
//
// [Reverse] undoes the latest event from any state. An event is never dated
// before the latest one that stands.
//
// # Guards
//
// Each is a typed refusal that names its source.
//
//  1. The goods are owned and in possession before they are sold: [ErrNotOwned].
//     Cost, agency and possession are proven: [ErrEvidence] (DSN-MUI 04/2000,
//     10/2000).
//  2. Price = cost + margin, fixed at the akad; there is no command that raises
//     the debt afterwards, and a revision that would is refused: [ErrGrows]
//     (DSN-MUI 04/2000, 48/2005). Old debts are not paid by a new murabahah: no
//     money passes through an account with a role, [ErrRole].
//  3. The goods stand at the cost that the terms disclose when they are sold:
//     [ErrCost]; the supplier is not the buyer: [ErrInah] (DSN-MUI 04/2000).
//  4. Of a cancelled order's down payment never more than the actual loss is
//     kept; beyond it only who broke a binding promise owes (DSN-MUI 13/2000).
//  5. Penalties go to the benevolent fund and never to income, and none is
//     taken from who cannot pay: [ErrAble] (DSN-MUI 17/2000). Ta'widh is apart
//     from them, and proven (DSN-MUI 43/2004).
//  6. A supplier's discount is the buyer's before the akad, and after it whose
//     the akad says (DSN-MUI 16/2000).
//  7. A stated rate leaves margin for every period of the term (DSN-MUI 84/2012).
//  8. At an early settlement the margin of time not elapsed is waived, always
//     and in full: [Contract.Quote] (DSN-MUI 153/2022). An akad of before may
//     leave it to the cooperative, which never promises it (DSN-MUI 23/2002).
//     Order, offer and akad each answer to the rules of their own day, and no
//     instalment falls due before the akad: [ErrDate].
//  9. Reductions are granted, not promised (DSN-MUI 46/2005); object and
//     collateral are realised at a proven price, the surplus is the member's
//     (DSN-MUI 47/2005); a conversion needs the object's sale and a new akad
//     (DSN-MUI 49/2005).
//  10. Instalments add up to price - down payment exactly, and every one is
//     above zero.
//  11. Money out of savings is the buyer's own, or that of a named payer: [ErrPayer].
//
// Of a contract that is sold, always: collected, owed, waived and written off
// are price - down payment; margin earned, deferred, waived and written off is
// the margin. [Checks] looks.
//
// # Words
//
// Murabahah is a sale at cost plus disclosed profit. Akad is the contract of
// sale. Hamish jiddiyah is what is laid down with the promise, a down payment
// (uang muka, urbun) part of the price. Wakalah is agency, qabdh possession. A
// rebate at early settlement is muqasah; a penalty is ta'zir, for the
// benevolent fund (dana kebajikan); ta'widh makes real costs good. Titipan is
// money held for the member. Bay' al-'inah is buying somebody's goods to sell
// them back. Deferred margin (margin murabahah tangguhan) stands against the
// receivable and is not a liability. Pasaran is the Javanese market day.
package murabahah
