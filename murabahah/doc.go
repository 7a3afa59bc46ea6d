// Package murabahah keeps murabahah contracts: the cooperative buys goods that
// a member asked for and sells them to the member at a disclosed cost plus an
// agreed margin, to be paid later, usually in instalments.
//
// # Reading order
//
// A [Contract] is data: [Terms], [State] and [Position]. Its commands decide
// and return an [Event] that carries every amount. [Contract.Apply] adds the
// event up and computes no rule. [Journal] turns it into at most one entry.
// All of it is pure: no clock, no store, no rounding but where a rule names it.
//
//	Contract --command--> Event --Apply--> Contract
//	                        |
//	                        +----Journal--> ledger.Entry
//
// The [Desk] does it on a book: is the key known? load, decide, apply, journal,
// post, save, all in one Update. The contract is a record of kind [RecordKind],
// one version an event; its balances stand on the subs of four control accounts
// under the contract's id. [Checks] looks that the two agree.
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
//  1. The goods are owned before they are sold: [ErrNotOwned] (DSN-MUI 04/2000).
//  2. Price = cost + margin, fixed at the akad; there is no command that raises
//     the debt afterwards (DSN-MUI 04/2000).
//  3. The goods cost what the terms disclose: [ErrCost] (DSN-MUI 04/2000), and
//     the supplier is not the buyer (bay' al-'inah).
//  4. Of a cancelled order's down payment never more than the actual loss is
//     kept (DSN-MUI 13/2000).
//  5. Penalties go to the benevolent fund and never to income (DSN-MUI 17/2000).
//  6. A stated rate leaves margin for every period of the term (DSN-MUI 84/2012).
//  7. At an early settlement the margin of time not elapsed is waived, always
//     and in full: [Contract.Quote] (DSN-MUI 153/2022).
//  8. Instalments add up to price - down payment exactly, and every one is
//     above zero.
//  9. Margin earned only grows, and recognised margin + rebate = margin in the end.
//
// # Words
//
// Murabahah is a sale at cost plus disclosed profit. Akad is the contract of
// sale. A down payment is uang muka; a rebate at early settlement is muqasah; a
// penalty is ta'zir, for the benevolent fund (dana kebajikan). Deferred margin
// (margin murabahah tangguhan) stands against the receivable and is not a
// liability.
package murabahah
