// Package ledgertest tests stores of the book, ours and anybody's, and the
// book on top of them.
//
//	func TestStore(t *testing.T) {
//		ledgertest.Run(t, func(t ledgertest.T) ledger.Store { return openMyStore(t) })
//	}
//
// # The pieces
//
//   - [Run] holds a store to every guarantee below, one subtest each, and plays
//     the scenarios. [Judge] does the same without a test and yields what is
//     broken.
//   - [Model] is a second book of plain lists, written from the rules and not
//     from the book's code. It predicts every answer.
//   - [Operations] makes up operations from a seed, [Exercise] asks them of book
//     and model and compares.
//   - [Twice] wraps a store so that every closure runs once for nothing and once
//     for real.
//   - A [Scenario] is a story in lines of text, for rules that a bookkeeper
//     should be able to proofread: see testdata.
//
// The package's own tests plant one defect after the other in a store and fail
// unless the suite notices each.
//
// # The guarantees
//
//   - G1 reads back: what is posted is read back, by number, key and line,
//     with every field as it was asked, under gapless numbers, recorded in UTC
//     and microseconds.
//   - G2 repeats: a command that comes again under its key gives the first
//     result and writes nothing, whatever became of account, balance and
//     period since; commands without an entry alike.
//   - G3 key conflicts: a key with other content, down to the smallest field,
//     is refused, and the error names both contents.
//   - G4 keys apart: keys that differ in case, accents or inner spaces are
//     different keys; keys and subs that only look alike are refused.
//   - G5 refusals change nothing: a refusal says which rule, line, account and
//     amount, and leaves the book as it was; of many entries all or none are
//     posted.
//   - G6 reversal once: the mirror of an entry is exact, posted once, linked
//     both ways, and never made of a mirror or of a contract's entry.
//   - G7 imported history: what is taken over is marked, keeps its date, and
//     is bound by periods but not by floors, holds and blocks.
//   - G8 many lines: an entry of thousands of lines is one entry.
//   - G9 largest amounts: what would pass the largest amount is refused; what
//     only passes it on the way is right.
//   - G10 periods: closing shuts a day and all before it, softly all but
//     adjusting and closing entries; reopening is recorded and deletes
//     nothing.
//   - G11 floors: no entry lowers an account so that any end of day from its
//     date on is below its floor; a named reason waives a soft floor only.
//   - G12 blocks: a block stops debits, credits or both of its sub, and of no
//     other.
//   - G13 holds: what is held cannot be spent while the hold binds; release in
//     part, in full, or by a capture with its entry in one step.
//   - G14 account life: accounts are added once, retired only at zero, and
//     then take no lines.
//   - G15 subs: subs are opened by a line or with their holder, and list what
//     guards them and where they last stood.
//   - G16 balance at any date: the balance of a sub, an account, its subs page by
//     page, and the whole book at the end of any day counts back-dated and future-dated entries.
//   - G17 balance as of any change: and as the book knew it after any change.
//   - G18 phases: a day's adjusting and closing entries can be left out, of
//     balances and of turnovers.
//   - G19 turnovers and balance-days: are exact over any range of days.
//   - G20 lines: are found by account, sub, day, party, source and change, by
//     date within a sub and by number elsewhere, either way round.
//   - G21 pages: of lines, of any size, continue behind a cursor without a
//     line lost or shown twice.
//   - G22 records: get the next version or are refused as stale; all versions
//     stay as they were written, to the byte.
//   - G23 record pages: list the latest versions of a kind by id, those after
//     a given one.
//   - G24 adoption: a contract that is taken over must agree with the opening balances of its
//     subs, once.
//   - G25 assertions: are true when made, and found by Check when a later
//     entry breaks them.
//   - G26 feed: the changes, of every kind, are listed from any number on,
//     without gaps.
//   - G27 what changed since: a late entry of an open month shows in the lines
//     since a change.
//   - G28 own writes: a transaction sees what it has written itself, in every
//     answer.
//   - G29 one command many writes: all that is written under one key is
//     answered as one when it comes again.
//   - G30 failed update leaves nothing: an error, a panic or a Goexit of a
//     closure leaves no trace, and no key taken.
//   - G31 steps taken back: a step of an update that fails is taken back whole, and
//     what was written before it stays.
//   - G32 transaction over: a transaction that is over answers nothing, and a
//     view writes nothing.
//   - G33 one consistent state: a view that is open says the same whatever is
//     written meanwhile, and stops no writer.
//   - G34 half an entry never shows: every state that a reader sees balances.
//   - G35 concurrent updates: keep totals and floors, through two books on one
//     store.
//   - G36 same key at once: of fifty commands with one key at once, one is
//     carried out.
//   - G37 withdrawals at once: of withdrawals that each fit but together
//     overdraw, only as many pass as fit.
//   - G38 holds at once: never exceed together what is there.
//   - G39 reversals at once: of one entry give one mirror.
//   - G40 closing and late posts: no entry gets into a period after its
//     closing.
//   - G41 writers one at a time: the closures of a book run one at a time.
//   - G42 same operations same digests: the same operations give the same
//     digests, in every store; the suite knows them.
//   - G43 anchors: nothing contradicts an earlier head, and what does is
//     found.
//   - G44 opened again: a book that is opened anew says the same.
//   - G45 books apart: two books of a store share nothing, not even keys.
//   - G46 restored: a book made anew from its changes has the same head and
//     says the same.
//   - G47 caches rebuilt: turnovers are recounted from the lines on demand, and
//     nothing else is touched.
//   - G48 store lost race: a batch that expects another head is refused with
//     ErrConflict.
//   - G49 store all or nothing: a batch is kept whole, or not at all if the
//     closure fails after writing it; a writer does not see it before.
//   - G50 store absence: what is not there is a value, not an error; a book
//     that is not there has change 0.
//   - G51 store order: listings are in the order of bytes, days and numbers,
//     start where they are told to, and end when their reader has had enough.
//   - G52 store later row counts: of two rows with one key in a batch the
//     later one counts.
//   - G53 store errors and contexts: the closure's error comes back, and a
//     call whose context is over is not taken.
//   - G54 random operations: [Exercise]: book and model answer thousands of
//     random operations alike.
//   - G55 sources: an entry comes from a contract's event only if its command
//     has saved that version of the contract.
//   - G56 long texts: every text is kept to its limit, in letters of four bytes
//     too.
//   - G57 far days: the first and the last day there is, and those at which
//     others' calendars end, are days like any other.
//   - G58 names to the byte: accounts, subs, holds, records, parties and sources
//     are found by their whole names and no others, whatever letters and
//     patterns these have.
//   - G59 long lists: lists of a thousand rows are whole, and end with the error
//     of a context that is over.
//   - G60 lists end while others post: a view's list is what was there when the
//     view began, an update's comes to an end, whatever each row leads to.
package ledgertest
