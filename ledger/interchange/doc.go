// Package interchange carries a book out of the program and back in.
//
//	                      +--> ExportHledger     every entry, for hledger
//	                      +--> ExportBeancount   every entry, for beancount
//	book --View--> *Tx ---+--> ExportEntries     every entry, CSV
//	                      +--> ExportBalances    balances at a moment, CSV
//	                      +--> ExportBook        every change, JSON Lines
//
//	CSV ----------> ImportSheet   entries          into a book that exists
//	JSON Lines ---> ImportBook    every change     into a new book, the same to the last byte
//
// Exports are written entry by entry while the book is read, from one
// consistent state, and are deterministic: the same book gives the same bytes.
// They read a [ledger.Tx], so they belong inside [ledger.Book.View]; what they
// write stands whole or, after an error, must be thrown away.
//
// # Three uses
//
// hledger and beancount are other people's programs with other people's bugs:
// books that they accept and total alike are books that are right. Accounts
// are called by their code, or code:sub. What these forms cannot hold is
// escaped so that no two names become one and every name can be read back
// ([HledgerAccount], [BeancountAccount]).
//
// A CSV of entries is how journals come from a spreadsheet. All its faults are
// told at once, each with its line, and nothing is posted while there is one.
//
// JSON Lines are the backup: one change a line, with instants and digests. The
// form is exact, so that one book has one file. A file that was cut off, put in
// another order or altered in a single byte is refused, with the line. The
// form is described at [ExportBook].
package interchange
