// Package profitshare says who gets what of a result: the members' shares of a
// mudharabah pool, and the tax on them. All of it is pure, values in, values
// out; only the [Desk] reads and writes a book.
//
// Here the cooperative manages its members' money. What it gives to members'
// businesses as owner or partner is package financing below, what it passes on to
// a business as an investor's agent package channelling, what becomes of its own
// yearly surplus package shu; they know neither this package nor each other.
//
// # The picture
//
//	balances of a month          income received in the month
//	       |                                |
//	  Weigh, Ladder                  Funds.Split: own funds | syirkah funds
//	       |                                |
//	    Stakes  --------> Pool <--------  Split, PER, IRR, hibah, losses carried
//	                       |
//	                   Distribute
//	                       |
//	          Shares: Payouts, Manager, Own, Leftover
//	             |              |             |
//	          Working     Indications    TaxRule.Withhold
//
// # Nouns
//
//   - Pool: all one distribution depends on, so that it can be run again.
//   - Stake: an account's balance-days under one term; an account has several
//     where its nisbah changed within the period or its balance spans bands.
//   - Term: product, nisbah and weight that many stakes share.
//   - Shares: the result shared out; it explains every payout by a Working.
//   - MonthShares: all pools of a month shared out, by DistributeAll.
//   - TaxRule, Return, Withheld: final tax on what a member is paid in a month.
//   - Decision: what people decide for a month: reserves, gifts, a bonus.
//   - LossPool, Carried: a loss that capital bears, and what of it is not restored.
//
// # A month on the book
//
//	Plan, Accounts --> Desk.Preview --> Desk.Post  --------> Desk.PayOut
//	                                    last day of month    a later day
//	                   share accounts   debit
//	                   payable subs     credit gross         debit gross
//	                   savings, tax                          credit net, tax
//
// A [Plan] names the accounts; [Accounts] is the caller's list of who earns,
// under which nisbah, and where the share goes; balances, balance-days and
// income are the book's. The month is kept as a [Run], a small record: what
// each account is owed stands in the lines of the entry, and what is paid are
// those lines. [Desk.Verify] computes a posted month again, [Desk.Reverse]
// takes back its latest event, [Desk.Reconciliation] reports from accrued to
// distributed income.
//
// Around it:
//
//   - [Desk.Propose], [Desk.Approve]: where the plan asks for approvals, by
//     management and DPS, of the very figures that are then posted.
//   - [Desk.Advance]: returns at the last closed month's rate, on anniversaries
//     and for accounts that close or break before the distribution.
//   - [Desk.BearLoss]: a loss that the month's result cannot bear.
//   - [Desk.Adopt]: what older books left undistributed.
//   - [Pools]: several plans of one cooperative, posted, approved, paid and taken
//     back as one, with one tax and a reconciliation of each and in sum. An
//     account's money, an income and own funds stand in one pool.
//   - [WithholdingList]: everyone's tax of a calendar month, over all plans.
//   - A plan with Wadiah set gives bonuses that the board decides.
//
// # Words
//
//   - Nisbah: the member's agreed part of the result, the rest is the manager's.
//   - Akad: the contract. Mudharabah: one side gives capital, the other manages
//     it; they share profit by nisbah, and the capital bears loss.
//   - DPS (dewan pengawas syariah): the sharia supervisory board.
//   - Syirkah funds (dana syirkah temporer): members' mudharabah money.
//   - Bobot: a product's weight. Wadiah: safekeeping, which shares no profit.
//   - PER, IRR: the reserves of [Reserve]. Hibah: a gift.
//   - HI-1000 (hasil investasi): what 1,000 of balance earned before the nisbah.
//
// # Rules
//
//  1. Everything is exact until one rounding for each account, by a named
//     [Rule]; averages, weights, HI and nisbah products are never rounded.
//  2. The parts add up to the result to the minor unit. Which arithmetic ran,
//     64-bit, 128-bit or unbounded, can never be seen in a result.
//  3. The member's right is never cut under [MemberUp]: the manager bears the
//     difference, out of its own money where the result does not suffice.
//     What other rules leave over goes where Rounding.LeftoverTo says.
//  4. No result above zero, or no balance: nothing is shared, and the result
//     says why. A loss is never a negative share: the risk reserve bears it,
//     then all capital by its balances, and later profit restores each owner's
//     capital before the nisbah applies. The manager's fault is the manager's.
//  5. The order of the input is irrelevant. Accounts with equal stakes are paid
//     alike, but for the last step under [LargestRemainder].
//  6. PER moves before the nisbah, IRR after it, hibah comes out of the
//     manager's part; none changes a nisbah.
//  7. A nisbah is above 0 and at most 1, a part of the result and never a rate
//     on capital. Figures for information ([Indication]) cannot become money.
//  8. Days must add up to the period; an average over the whole period is never
//     prorated again.
//  9. Tax looks at all that a member is paid in a calendar month, over all
//     accounts and plans, and above the threshold takes the whole gross
//     (PP 15/2009). Zakat is taken only by a mandate in writing.
//  10. What is shared was received (DSN-MUI 14/2000), unless the akad shares what
//     is recognised. Fees, penalties and non-halal income never enter a pool.
//
// Rules of fatwas and laws whose original text was not at hand say
// "unconfirmed" where they stand; they are settings or dated data.
package profitshare
