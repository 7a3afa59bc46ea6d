// Package savings keeps the savings of a cooperative's members as accounts of
// the book: members from candidacy to the last payment, products with their
// akad, the accounts themselves, dues, holds, fees, and the desk at which money
// comes in and goes out.
//
//	Policy  ── dated settings         record savings.policy
//	Product ── dated Terms            record savings.product
//	   │
//	Account ── holder ── Member       records savings.account, savings.member
//	   │                   │
//	   │                   └─ Exit    record savings.exit: all balances became a claim
//	   ├─ Passbook                    record savings.passbook: how far it is printed
//	   │
//	   └─ sub of the product's control account: balance, floor, block, holds, lines
//
// An account's id is the sub key of its lines, its member the sub's holder.
// Balances, the last movement and the passbook (buku tabungan) are read from
// the book and kept nowhere else; a record gets a new version only when the
// status or terms change.
//
// # Words
//
// Akad is the contract a product rests on. [Pokok] is the sum every member
// pays on joining, [Wajib] the sum paid every period: its dues. [Wadiah] is
// safe-keeping that the cooperative guarantees and owes no return on.
// [Mudharabah] is capital that shares profit by the nisbah: the owner's part of
// the result, a ratio above 0 and at most 1, never a rate on the capital.
// Simpanan berjangka is mudharabah for a fixed term, modal penyertaan
// participation capital.
//
// # States of an account
//
//	open ──> Opened ──first deposit or transfer in──> Active ──close──> Closed
//	adopt ──────────────────────────────────────────> Active ──settle─> Closed
//	                                                  Active ──convert> Closed
//
// The first deposit or transfer into an Opened account is at least the
// product's minimum opening. A profit share paid into it does not count as
// one. An adopted account is one that ran before the book began: its balance
// comes with the opening entry, and the minimum opening no longer binds it.
//
// Time savings (simpanan berjangka) have a [Term]: they are placed by the one
// deposit there may be, and run until they mature or are broken.
//
//	Opened ──deposit──> Active ──mature──> Active, another term (rollover)
//	                           ──mature──> Closed, waits ──collect──> Closed
//	                           ──break───> Closed
//	                           ──settle──> Closed
//
// The settlement of a member who has left breaks what still runs, by the
// product's rule, and takes what waits into the claim.
//
// # States of a member
//
//	join ──> candidate ──admit──> active ──leave──> left, expelled ──┐
//	join ───────────────────────> active ──die────> deceased ────────┤
//	                                                                 │
//	          settle: all accounts closed, one claim; paid in full ──┴─> settled
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
// day, and so do holds and blocks, which are the book's own; a closed account is
// blocked. What is available is the balance less what is held and the minimum.
//
// [Desk.Reverse] takes a command back, entry and records together. An entry
// whose event changed no record has no source, so [ledger.Book.Reverse] takes a
// teller's mistake back too, under the same floors.
//
// # Lists
//
// [Desk.DepositAll] pays in what somebody else has collected, such as an
// employer's payroll deductions: [ReadBulk] reads the file, all faults are told
// at once, and each line is a command and an entry of its own. It counts as no
// movement of the members' own.
//
// # Dues
//
// What is owed of dues is a register and no entry: a call on members is no
// asset. [ScheduleIn] reckons it from the terms and the balance. A cooperative
// whose statutes make the call enforceable sets [Terms] CallAccount and books
// the call against equity with [Desk.CallDues].
//
// # Dormant accounts
//
// An account is dormant (rekening pasif) once its member has begun no movement
// for its product's months; what comes by itself does not count, see
// [LastOwnIn]. [Desk.MarkAllDormant] marks what is due on a day. That is a
// register and no entry: the balance stays the member's, and no command takes it
// into income.
//
//	Active ──mark──> dormant ──own deposit──> Active
//	                         ──reactivate───> Active
//	                         ──settle───────> Closed
//
// Until then the member can neither withdraw, transfer, convert nor close.
//
// # Printed passbooks
//
// [Desk.Passbook] reads an account's lines in pages. A [Passbook] is the book of
// paper: its serial, how many lines are printed in it, and behind which line.
// [Desk.PrintPassbook] gives what is new, each line once and numbered, broken
// into pages. What is dated before the last line printed makes a [Mismatch]: it
// is refused, flagged by [PassbooksIn], and mended by printing it as a correction
// or by [Desk.ReplacePassbook].
//
// # Persons
//
// No name and no other personal data is kept in the book. The book's chain
// cannot forget, so a record holds the member's number, a salted digest of the
// identity number, days, standing and references to documents. Names, addresses
// and heirs live in [Persons], which can forget.
package savings
