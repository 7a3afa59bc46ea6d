// Package yearfolder reads one year of a cooperative from a folder of CSV
// files and says everything that is wrong with its form before a single entry
// is posted.
//
//	fs.FS --table--> rows of cells --values--> typed rows --references--> Folder
//	                    |                         |                          |
//	                    +------------ Faults: FILE:LINE: what and which -----+
//
// [Read] is pure: the same files give the same [Folder] and the same [Faults].
// A folder with any fault must not be run.
//
// # Words
//
// Akad is the contract under which a member saves: pokok and wajib are the
// principal and the mandatory savings of membership, wadiah is safekeeping,
// mudharabah shares profit at a nisbah, the member's part of it. Murabahah is
// a sale at cost plus a disclosed margin.
//
// # Form
//
// Files are UTF-8 CSV with RFC 4180 quoting. A byte order mark and CRLF line
// ends are accepted, empty lines are skipped. The header line names exactly
// the columns of the file, in any order; a column or a key that is not known
// is a fault, so that a misspelt optional one is never silently ignored. A file
// may have a header and no rows; a file without a header is a fault. Files of
// other names are none of this package's business.
//
// A fault stands at the line where its row begins; what a whole file lacks
// stands at its first line. A reference to something that a faulty row may
// have defined is not reported: one mistake gives one message.
//
// # Savings that go further
//
// All of it is optional; a folder without it is read and kept as ever. With any
// of it, the registers of savings are written beside the results.
//
// product_terms.csv has, by product and first day (from), all further settings
// as they hold from then on: name, nisbah, tiering (level or band) and tiers
// ("0:0.30;1000000:0.40"), min_opening, min_deposit, min_balance, min_earning,
// fee_account and fee_opening, _monthly, _inactive, _passbook, _closing, taxed,
// zakat, locked, personal, dormant_months, goal; for time savings tenors
// ("1 3 6"), matured_account, penalty, penalty_account, keeps_share, at_death;
// for wajib dues, dues_every, call_account. Empty nisbah, name, min_opening and
// min_balance are those of products.csv. What it does not say does not hold: a
// product that it names is taxed only where it says so.
//
// savings.csv may have further events (see [SavingsEvent]) and the columns
// they need: to, to_product, fee, of, ratio, document, reason, by, until, block,
// goal_day, certificate, months, rollover, payout. Matured time savings are
// dealt with at the beginning of the day, dormant accounts marked at the end of
// the month.
//
// bulk.csv is deposits that somebody else collected (date, key, member, product
// or "wajib", amount, counter; account, note): the rows of one day and counter
// account are paid in together or not at all.
//
// member_events.csv says who was admitted, left, was expelled or died, was
// settled and paid (date, key, event, member; reason, document, by, known,
// amount, account, payee, from, waived, of); members.csv may have standing and
// approved_by. The optional role savings.claims is where claims of who has left
// stand, distribution.zakat where zakat by mandate goes.
//
// # Sales that go otherwise
//
// murabahah_events.csv may have the columns document, note, approver,
// instalments and first_due, and events beside those of an ordinary sale:
// deposit, return_deposit, cancel, entrust, possess, cost, deliver, fee, due,
// discount, concession, release, compensation, reschedule, realise, write_off,
// recover, return_goods. The accounts they need are optional roles:
// murabahah.deposit, .agent, .due, .held, .cost_recovery, .fee_income,
// .concession and .allowance.
//
// # What is checked here, and what is not
//
// Form, columns, values and references, an event before its member joined
// included, are checked here. What depends on the books or on a contract's
// state (an overdrawn account, a deposit before the account is open, a sale
// before the goods are owned, amounts against the terms) is refused by the
// packages that own those rules when the year is run, and the rows of an
// instalment plan by theirs before.
package yearfolder
