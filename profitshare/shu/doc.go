// Package shu divides a year's surplus, the SHU (sisa hasil usaha), as the
// members' meeting (Rapat Anggota) decides (UU 25/1992 art. 45): to reserves,
// funds, and members by their capital and by what each did with the
// cooperative; pays it; and lets reserves bear a deficit.
//
// # Reading order
//
// A [Plan] is what the meeting is asked; [Plan.Propose] carries it out on paper,
// with every member's share by [Divide]. A [Year] is data: its commands decide
// and return an [Event] that carries the sums; [Year.Apply] adds them up and
// computes no rule; [Journal] gives the one entry, with a line for each member.
// All of it is pure. The [Desk] does it on a book, in one Update; [Checks] looks
// that years and book agree.
//
//	year closed          Draft            the meeting                 later
//	CloseYear,      CapitalOf, ServiceOf,
//	CarryResult --> SourcesOf -----> Plan --> Propose --> Decide --> Pay, Spend
//	(ledger)
//
// Members' shares stand on subs of liability accounts, one a member and year
// ([Sub]): what nobody fetches stays owed beside later years and is never mixed
// with them. What a member is owed altogether is [Desk.Payable].
//
// # States
//
// Each line is state, command, state after it. A test keeps this table true.
//
//	undecided  decide  decided, or settled where members have no part
//	undecided  adopt   decided
//	undecided  cover   covered or short
//	decided    pay     decided or settled
//	decided    spend   decided
//	settled    spend   settled
//	short      cover   covered or short
//
// [Reverse] undoes the latest event from any state.
//
// # Rules
//
//  1. A key adds up to exactly 100%: [ErrKey].
//  2. The result from business with members and with others has a key of its
//     own each; what others brought goes to members only if the plan says so.
//  3. Jasa modal goes by pokok and wajib savings alone, on both sides of the
//     fraction: members' figures must add up to the total ([ErrMembers]).
//  4. Jasa usaha goes by any number of measures of what members did.
//  5. What is left by rounding goes where [Residue] says; amounts add up to the
//     result to the minor unit.
//  6. What is divided is what the book has undivided, to the rupiah.
//  7. A deficit is covered from reserves by a decision, and is never divided.
//  8. Nothing is withheld from members: since UU 11/2020 a share of the SHU is no
//     taxable income. The cooperative's own tax comes off before.
//  9. Whose account is blocked keeps the share as a claim; the others are paid.
//  10. Every decision of the meeting names its minutes.
//
// # Words
//
// Cadangan is the reserve; jasa modal and jasa usaha are the members' parts for
// capital and for business; pokok and wajib are the savings that are capital;
// SHU belum dibagi is what the meeting has not decided on.
package shu
