// Package ledger keeps the double-entry books of one cooperative: for other
// programs to embed, with the rules of the trade inside.
//
//	 a command with a key                                 a question
//	         |                                                |
//	   Book.Update(func(tx))                           Book.View(func(tx))
//	         |  one order of checks: all of it, or nothing    |
//	         v                                                v
//	+------------------------------- Book -------------------------------+
//	|                                                                    |
//	|  Chart      Account 10102 Kas            Account 30101 Simpanan    |
//	|                    |                      |          |             |
//	|  Sub               |                   M0001      M0002   holder,  |
//	|                    |                      |          |    floor,   |
//	|  Entry 7  Line +100.000  <-- sum 0 --> -100.000      |    block,   |
//	|  Entry 8  Line +250.000  <-- sum 0 -->            -250.000  holds  |
//	|                    |                      |          |             |
//	|  Turnover   one row a day and phase, with the end-of-day balance   |
//	|                                                                    |
//	|  Changes  1 book - 2 account - ... - 41 entry 7 - 42 hold - 43 ... |
//	|           numbered without gaps, each digest covers all before     |
//	+--------------------------------------------------------------------+
//	         |
//	       Store: memory, a database, yours
//
// # Words
//
//   - Book: one cooperative's books in one [Currency]. Many share a [Store].
//   - [Account]: a line of the [Chart], of one of nine kinds. Dana syirkah
//     temporer (members' mudharabah money, which bears losses) is a kind beside
//     liability and equity; so are the zakat and the benevolent fund.
//   - [Sub]: what a control account is divided into: a member's savings account,
//     a contract. The account's balance is the sum of its subs; it has no other.
//   - [Entry]: dated lines that sum to zero. Debit is positive. A posted entry
//     is never edited or deleted; a [Reversal] mirrors it.
//   - Phase: ordinary, adjusting, closing. Balances can be read before either.
//   - Command and key: every write is asked for under the caller's key, such
//     as a receipt's number. The same again is answered with the first result.
//   - [Change]: whatever is written. Entries, records, holds, closings and the
//     rest are one numbered history, each chained to the one before by a digest.
//   - [Record]: a contract's state, version after version, with the event that
//     made it.
//   - [Floor], [Block], [Hold]: the least balance; no lines at all; an amount
//     that may not be spent, such as savings pledged for a financing.
//   - [Assertion]: a balance that a cash count or bank statement shows.
//   - [Head]: where the history stands. Kept outside it is an anchor.
//   - SHU (sisa hasil usaha) is the year's result, divided among the members.
//
// # Guarantees
//
// Each is held by the test it names. Package ledgertest holds any [Store] to
// its share of them.
//
//  1. Every entry sums to zero, memorandum accounts among themselves, and a
//     split loses nothing: TestDebitsEqualCredits, TestRoundingDrift.
//  2. Money is exact or refused: never a float, never rounded or wrapped
//     around unasked: TestFloatMoney, TestSilentOverflow, TestSilentRounding.
//  3. A key counts once, whoever repeats it and whatever happened since; with
//     other content it is refused: TestRetryDuplicates,
//     TestRepeatAfterTheWorldMovedOn, TestEveryCommandRepeats.
//  4. After an error that leaves open whether a write was kept, asking again
//     under the same key settles it: TestAmbiguousCommit.
//  5. A command is carried out whole or not at all, also beside others in the
//     same flush, also after a panic: TestRefusedCommandsLeaveNothing,
//     TestFailingClosures.
//  6. A bad entry has exactly one first refusal, by the table below:
//     TestOrderOfRefusals.
//  7. Nothing posted ever changes. A reversal is exact, once, and both entries
//     count. Nobody posts or reverses in a contract's name without moving the
//     contract: TestReversedOriginalsStay, TestReversalRefusals,
//     TestMadeUpSource.
//  8. Closed is closed: no date on or before the last closed day, gaps
//     included, whenever it is recorded: TestSealedPeriodRestated,
//     TestWrongDateDecidesPeriod.
//  9. No floor is broken and no held amount spent on any day, by back-dated or
//     future-dated lines either: TestWriteSkew, TestFloorsOnEveryDay,
//     TestHoldExpiry.
//  10. Balances, turnovers and subs are sums of lines, whatever is asked and as
//     of whichever change: TestDerivedBalanceDrifts, TestTwoSidesOneDate.
//  11. A tampered, reordered, truncated or transplanted history is found:
//     TestTampering, TestHashCoversPredecessor, TestTailCutOff,
//     TestChainKeyCollidesBetweenLedgers.
//  12. Canonical bytes are version 1 and stay readable by every later release:
//     TestEncoding, TestAmbiguousPreimage.
//  13. What callers hand in or get out they may change; the book does not:
//     TestCallersCannotReachIn.
//  14. Whatever is thrown at it, user data causes refusals, never a panic:
//     FuzzEntry, TestNothingIsAnArgument.
//
// # Order of refusals
//
// [Tx.Post] checks an entry in these steps and refuses with the first code
// that applies. Steps marked * go through the lines one by one, so that line 1
// speaks before line 2; for the same line the order is again the table's.
// [Tx.Violations] returns all that apply, except that step 3 says one thing a
// line and that step 8 cannot be taken without a date.
//
//	step         code                   sentinel
//	1 key        key_missing            ErrKey
//	1 key        key_invalid            ErrKey
//	1 key        key_conflict           ErrKeyConflict
//	2 period     date_invalid           ErrDate
//	2 period     period_closed          ErrPeriodClosed
//	2 period     period_soft_closed     ErrPeriodClosed
//	3 accounts*  account_unknown        ErrAccount
//	3 accounts*  account_header         ErrAccount
//	3 accounts*  account_retired        ErrAccount
//	3 accounts*  sub_missing            ErrSub
//	3 accounts*  sub_not_allowed        ErrSub
//	3 accounts*  sub_invalid            ErrSub
//	4 blocks*    blocked                ErrBlocked
//	5 form       too_few_lines          ErrEntry
//	5 form       too_many_lines         ErrEntry
//	5 form       phase_invalid          ErrEntry
//	5 form       text_invalid           ErrEntry
//	5 form       source_not_saved       ErrSource
//	6 lines*     amount_invalid         ErrEntry
//	6 lines*     amount_zero            ErrEntry
//	6 lines*     party_invalid          ErrEntry
//	6 lines*     activity_invalid       ErrEntry
//	7 sum        unbalanced             ErrUnbalanced
//	7 sum        memorandum_unbalanced  ErrUnbalanced
//	8 balances*  balance_overflow       ErrEntry
//	8 balances*  below_floor            ErrFloor
//	8 balances*  held                   ErrFloor
//
// An entry that comes from a contract ([Source]) and is part of a command that
// [Tx.Repeat] began passes step 5, since that command may save the contract
// after it; if it has not when the closure returns, [Book.Update] refuses all of
// it with source_not_saved.
//
// A key that was used before is settled in step 1: a repeat is answered there,
// even if the account was retired or the period closed meanwhile. The other
// commands look at their key first and at their own form, accounts and amounts
// after it; see each method.
//
// # Reading order
//
// book.go (what callers see) and update.go (one writer at a time), tx.go and
// post.go (a command, an entry), apply.go and stage.go (what follows from
// them), read.go, balance.go and readlog.go (questions), guard.go, hold.go and
// headroom.go (floors and holds), check.go (what must be true), store.go and
// memory.go (where it is kept). encode.go has the canonical bytes, limits.go
// every limit. money.go, currency.go, date.go and allocate.go stand alone.
package ledger
