// Package contract keeps contracts in a book: it is what a murabahah, a
// mudharabah, a year's SHU and any contract of a host's own have in common once
// their rules have been taken away. It knows no rule and no account.
//
// # The picture
//
// A contract is plain data, a value of some type C. What happened to it is a
// list of events, values of some type E, each with every amount that was
// decided. In the book the list stands as the versions of one [ledger.Record]:
//
//	command "pay", key K-17
//	   |
//	   | is the key known? then the first result, and nothing is written
//	   | load        version 4 of the record      -> contract before
//	   | decide      the package's rules          -> event, or a [Refusal]
//	   | apply       before + event               -> contract after
//	   | enter       the event's entry, if it moves money; the mirror of
//	   |             another if it undoes one
//	   v save
//	record  murabahah/MRB-1   version 5   "pay"   event   contract   key K-17
//	           ^                                              same change set
//	entry   source murabahah/MRB-1#5 pay                       key K-17
//
// A [Kind] describes one kind of contract: the name of its records, how to read
// an event's [Heading], how to apply one. A package writes it down once, as a
// variable that never changes, and asks it for the rest:
//
//	[Kind.Carry]         a command that decides one event
//	[Kind.Reverse]       a command that undoes the latest one
//	[Kind.Find], [Kind.Load], [Kind.History], [Kind.List], [Kind.Page]
//	                     what the book has
//	[Kind.CheckReplay], [Kind.CheckCourse], [Kind.CheckEntries]
//	                     invariants for [ledger.Book.Check]
//
// What stays with the package are its terms and rules, its journal, its
// accounts, and the judgement of whether an account fits.
//
// # What a package gets by it
//
//   - A key is carried out once. Asked again with the same content it answers
//     with the first result, also after the contract has moved on or the period
//     was closed; with other content the error matches [ledger.ErrKeyConflict].
//   - Event and entry are written together or not at all, under one key, and the
//     entry names the event as its source, so that the book refuses to reverse
//     it alone.
//   - The next version is the last plus one: of two commands that decided on the
//     same contract, one is refused.
//   - Every version can be computed again out of its events, and [Kind.CheckReplay]
//     finds the one that was not: an event or a state changed, a version left out.
//   - Only the latest event that stands can be undone, and the entry is then the
//     exact mirror of the first one.
//   - Refusals of all kinds of contracts are of one type, [Refusal]: a sentinel
//     of the package, a stable code, the contract, the rule and its source, the
//     amounts in the book's currency.
//
// Nothing here writes outside the caller's [ledger.Tx], keeps state, or reads a
// clock. The program examples/qardh is a contract of a host's own.
package contract
