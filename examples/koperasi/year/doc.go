// Package year keeps a cooperative's year: from the rows of a year folder, by
// way of the desks of savings, murabahah and profitshare, to the files and
// statements that are read from the books. The store is the caller's: in
// memory or in a database, the books are the same.
//
// savings_events.go has what only some folders ask of savings: dated terms, time
// savings, holds, lists of deposits, members who leave or die; out_registers.go
// the lists that are written for them.
//
// run.go is the year, day by day. earners.go is what joins savings and
// profitshare, worth copying into an application.
package year
