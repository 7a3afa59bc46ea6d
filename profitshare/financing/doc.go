// Package financing keeps the contracts in which the cooperative gives capital
// to a member's business and shares its result: mudharabah as owner (PSAK 405,
// formerly 105) and musyarakah (PSAK 406, formerly 106), permanent or declining.
//
// # Reading order
//
// A [Contract] is data: [Terms], [State] and [Position]. Its commands decide
// and return an [Event] that carries every amount. [Contract.Apply] adds the
// event up and computes no rule. [Journal] turns it into at most one entry.
// All of it is pure: no clock, no store, no rounding but where a rule names it.
//
//	Contract --command--> Event --Apply--> Contract
//	                        |
//	                        +----Journal--> ledger.Entry
//
// The [Desk] does it on a book: is the key known? load, decide, apply, journal,
// post, save, all in one Update. The contract is a record of kind [RecordKind],
// one version an event; its balances stand on the subs of control accounts
// under the contract's id. [Checks] looks that the two agree, [Nominatif] lists
// the contracts of any day, [Card] the events of one. What divides a result,
// [Venture.Split] and [TwoTier.Split], can be used without any contract.
//
// A share is income of the books when it is reported ([Accounts].ShareDue until
// it is paid). A pool of members' funds shares it when the money is there: its
// plan names ShareDue as the account on which that income is accrued.
//
// # Forms
//
//	form                     capital        profit                loss
//	mudharabah               cooperative's  by nisbah             the cooperative's
//	mudharabah_musytarakah   of both        nisbah, and capital   by capital
//	musyarakah               of both        by nisbah             by capital, to the end
//	musyarakah_mutanaqishah  of both        by nisbah             by capital as it is bought
//
// # States
//
// Each line is state, command, state after it. A test keeps this table true.
//
//	unagreed   commit      committed
//	unagreed   adopt       committed, funded, running or ended
//	committed  disburse    funded or running
//	committed  hand_over   funded or running
//	committed  agree       committed
//	committed  release     cancelled
//	funded     disburse    funded
//	funded     hand_over   funded
//	funded     agree       funded
//	funded     release     funded
//	funded     start       running
//	funded     lose        funded
//	funded     fault       funded
//	funded     amortise    funded
//	funded     wear        funded
//	funded     collect     funded
//	funded     end         ended or closed
//	running    disburse    running
//	running    hand_over   running
//	running    agree       running
//	running    release     running
//	running    report      running
//	running    settle      running
//	running    collect     running
//	running    repay       running
//	running    buy_back    running
//	running    amortise    running
//	running    wear        running
//	running    lose        running
//	running    fault       running
//	running    end         ended or closed
//	ended      collect     ended or closed
//	ended      write_off   ended or closed
//
// [Reverse] undoes the latest event from any state. An event is never dated
// before the latest one that stands.
//
// # Guards
//
//  1. A nisbah is a part of the result, above 0 and below 1; there is no field
//     for a sum or a rate on the capital (DSN-MUI 07/2000, 115/2017).
//  2. A share is income when the partner reported an actual result, for days
//     that are over, once, under the nisbah in force: [ErrReport] (PSAK 405).
//  3. What is shared, revenue, gross profit or profit, stands in the akad
//     (DSN-MUI 15/2000).
//  4. Profit goes by nisbah, loss strictly by capital, and never beyond it; a
//     loss is the manager's only by its fault, with ground and evidence
//     (DSN-MUI 07/2000, 08/2000).
//  5. Later profit makes the capital whole before any is shared, unless the
//     terms say that losses are final. Earlier profit does so too where the
//     terms let shares be provisional, when the contract is settled.
//  6. Before the business begins a loss cuts the investment; afterwards it is
//     settled when results are shared, by an allowance or directly as the dated
//     [Policy] says (PSAK 405).
//  7. No more can come back as capital than was given: the rest is profit, to be
//     reported and shared.
//  8. The nisbah changes by agreement, for days to come.
//  9. Capital comes back as the terms say: at the end, or in stages; shares of a
//     declining musyarakah are sold, at a price.
//  10. In a contract that is over nothing is left on any sub.
//
// What the standards and fatwas say was read in retellings, not in the original
// texts: unconfirmed. What depends on it is a setting or dated data.
//
// # Words
//
// Akad is the contract, nisbah the agreed part of a result. In a mudharabah the
// owner (shahibul maal) gives capital and the manager (mudharib) works; in a
// musyarakah both are partners with capital; in a mudharabah musytarakah the
// manager adds capital of its own. Mutanaqisah is declining. Daftar nominatif is
// the list of contracts one by one.
package financing
