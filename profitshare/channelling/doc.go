// Package channelling keeps restricted investments that the cooperative manages
// as an agent (mudharabah muqayyadah, executing by another): an investor says
// whose business its money is for, the cooperative passes the money on, passes
// the results back, and earns an agreed fee (ujrah) for it. The investment is
// the investor's and stands off the balance sheet, in memorandum accounts; it
// enters no pool of members' funds, and neither does the fee.
//
// Restricted money that the cooperative itself invests and answers for is a pool
// of its own instead: a plan of package profitshare.
//
// # The picture
//
//	investor --receive--> Held --place--> the business    memorandum: Placed
//	                      Held <--collect- its results
//	                      Held <--return-- its capital    memorandum: Placed
//	                       |  \--charge--> Fee income
//	                       \----pay_out--> investor
//
// [Terms], [Position] and [Contract] are data. A command decides and returns an
// [Event] with every amount; [Contract.Apply] adds it up; [Journal] turns it
// into at most one entry. The [Desk] does it on a book, under a key. [StatementOf]
// is the disclosure: what came, went and is there of every investment in a period.
//
// # States
//
// Each line is state, command, state after it. A test keeps this table true.
//
//	unagreed  agree       agreed
//	unagreed  adopt       agreed or running
//	agreed    receive     agreed
//	agreed    charge      agreed
//	agreed    pay_out     agreed
//	agreed    place       running
//	agreed    close       closed
//	running   receive     running
//	running   charge      running
//	running   pay_out     running
//	running   place       running
//	running   report      running
//	running   collect     running
//	running   return      running
//	running   lose        running
//	running   compensate  running
//	running   close       closed
//
// # Rules
//
//  1. The result is shared between investor and business by their nisbah; the
//     cooperative has no part of it, and no part of a loss (agent, DSN-MUI 10/2000).
//  2. The fee is a sum that was agreed on, and never more is charged.
//  3. A loss is the investor's. For its own fault the agent pays, as its expense.
//  4. A share is reported when it is known from an actual result. It is due from
//     the business to the investor, and no asset of the cooperative.
//  5. Only what is held can be placed or paid out; a closed contract holds nothing.
//
// The texts of the fatwas and of PSAK 401's statement of restricted investments
// were not at hand: unconfirmed.
package channelling
