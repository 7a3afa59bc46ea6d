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
// # The whole life of a sale
//
// murabahah.csv may have columns for the rest of the terms, whose words are
// those of package murabahah: kind, months, days, grace, harvest (months with
// spaces between), rounding, remainder (first or last), final and rate for the
// plan; basis, promise, ahead, later_discount, rebate_rule, rebate_elapsed,
// rebate_after, max_revisions; supplier and collateral. The rows of a plan by
// hand stand in murabahah_instalments.csv: contract, due, amount.
//
// murabahah_events.csv may have the columns document, note and approver, those
// that only some events have (see [Particulars]), and every event of a
// contract: before the sale stock, offer, deposit, return_deposit, advance,
// entrust, possess, cost, impair, supplier_discount, cancel, dispose; after it
// deliver, fee, due, apply_held, return_held, discount, pay_discount,
// pay_rebate, concession, release, compensation, reschedule, stop_accrual,
// resume_accrual, judge, ability, realise, take_over, convert, write_off,
// recover, return_goods; and reverse. The accounts they need are optional
// roles, murabahah.deposit and so on.
//
// collectibility.csv is the policy of classes and allowances: class (L, KL, D,
// M), the most overdue instalments of short and long plans, the most days of
// plans that go by days, rate and deduct_collateral. With it the allowance is
// set at every month's end, and the results have the nominatif list, the list
// of arrears, the sums of the classes, the allowance's movements, the
// instalment cards and the disclosures.
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
