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
