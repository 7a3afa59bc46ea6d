// Package savings keeps the savings of a cooperative's members as accounts of
// the book: products with their akad, members, the accounts themselves, and
// the desk at which money comes in and goes out.
//
//	Product ── dated Terms            record savings.product
//	   │
//	Account ── holder ── Member       records savings.account, savings.member
//	   │
//	   └─ sub of the product's control account: balance, floor, block, lines
//
// An account's id is the sub key of its lines, its member the sub's holder.
// Balances, the last movement and the passbook (buku tabungan) are read from
// the book and kept nowhere else; a record gets a new version only when the
// account's status or terms change.
//
// # Words
//
// Akad is the contract a product rests on. [Pokok] is the sum every member
// pays on joining, [Wajib] the sum paid every period. [Wadiah] is safe-keeping
// that the cooperative guarantees and owes no return on. [Mudharabah] is
// capital that shares profit by the nisbah: the owner's part of the result, a
// ratio above 0 and at most 1, never a rate on the capital.
//
// # States
//
//	open ──> Opened ──first deposit or transfer in──> Active ──close──> Closed
//	adopt ──────────────────────────────────────────> Active
//
// The first deposit or transfer into an Opened account is at least the
// product's minimum opening. A profit share paid into it does not count as
// one. An adopted account is one that ran before the book began: its balance
// comes with the opening entry, and the minimum opening no longer binds it.
//
// # One command
//
// [Desk.Deposit] and its sisters do the same steps: is the key known? load the
// records; decide (pure: [Account.Deposit] gives an [Event] with every amount
// that was decided); apply ([Account.Apply]); journal ([Journal]); post; save
// what changed. All of it happens in one Update, and each verb has a form that
// takes the caller's own transaction, named with Tx at the end. That form
// leaves the transaction unchanged if it refuses.
//
// Floors are the book's: zero binds always, the product's minimum balance
// unless a named reason waives it. They hold whoever posts and on whatever
// day. An entry of the desk has no source, so [ledger.Book.Reverse] takes a
// teller's mistake back, under the same floors; a closed account is blocked.
//
// # Persons
//
// No name and no other personal data is kept here. The book's chain cannot
// forget, so a record holds the member's number, the days of joining and
// leaving and the standing; names live in the host application, which joins
// them by number.
package savings
