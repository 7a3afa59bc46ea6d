package ledgertest

// Guarantees returns all numbered guarantees, in the order of the package
// documentation.
func Guarantees() []Guarantee {
	return []Guarantee{
		{"G1 reads back", (*trial).readsBack},
		{"G2 repeats", (*trial).repeats},
		{"G3 key conflicts", (*trial).keyConflicts},
		{"G4 keys apart", (*trial).keysApart},
		{"G5 refusals change nothing", (*trial).refusalsChangeNothing},
		{"G6 reversal once", (*trial).reversalOnce},
		{"G7 imported history", (*trial).importedHistory},
		{"G8 many lines", (*trial).manyLines},
		{"G9 largest amounts", (*trial).largestAmounts},
		{"G10 periods", (*trial).periods},
		{"G11 floors", (*trial).floors},
		{"G12 blocks", (*trial).blocks},
		{"G13 holds", (*trial).holds},
		{"G14 account life", (*trial).accountLife},
		{"G15 subs", (*trial).subsOfAnAccount},
		{"G16 balance at any date", (*trial).balanceAtAnyDate},
		{"G17 balance as of any change", (*trial).balanceAsOfAnyChange},
		{"G18 phases", (*trial).phases},
		{"G19 turnovers and balance-days", (*trial).turnoversAndBalanceDays},
		{"G20 lines", (*trial).lines},
		{"G21 pages", (*trial).pages},
		{"G22 records", (*trial).records},
		{"G23 record pages", (*trial).recordPages},
		{"G24 assertions", (*trial).assertions},
		{"G25 feed", (*trial).feed},
		{"G26 what changed since", (*trial).changedSince},
		{"G27 own writes", (*trial).ownWrites},
		{"G28 one command many writes", (*trial).oneCommandManyWrites},
		{"G29 failed update leaves nothing", (*trial).failedUpdateLeavesNothing},
		{"G30 transaction over", (*trial).transactionOver},
		{"G31 one consistent state", (*trial).oneConsistentState},
		{"G32 half an entry never shows", (*trial).halfAnEntryNeverShows},
		{"G33 concurrent updates", (*trial).concurrentUpdates},
		{"G34 same key at once", (*trial).sameKeyAtOnce},
		{"G35 withdrawals at once", (*trial).withdrawalsAtOnce},
		{"G36 holds at once", (*trial).holdsAtOnce},
		{"G37 reversals at once", (*trial).reversalsAtOnce},
		{"G38 closing and late posts", (*trial).closingAndLatePosts},
		{"G39 writers one at a time", (*trial).writersOneAtATime},
		{"G40 same operations same digests", (*trial).sameDigests},
		{"G41 anchors", (*trial).anchors},
		{"G42 opened again", (*trial).openedAgain},
		{"G43 books apart", (*trial).booksApart},
		{"G44 restored", (*trial).restored},
		{"G45 store lost race", (*trial).storeLostRace},
		{"G46 store all or nothing", (*trial).storeAllOrNothing},
		{"G47 store absence", (*trial).storeAbsence},
		{"G48 store order", (*trial).storeOrder},
		{"G49 store later row counts", (*trial).storeLaterRowCounts},
		{"G50 store errors and contexts", (*trial).storeErrors},
		{"G51 random operations", (*trial).randomOperations},
	}
}

// randomOperations is a short [Exercise]; longer ones are a store's own
// tests' business.
func (t *trial) randomOperations() {
	for seed := range uint64(3) {
		Exercise(t.T, t.store, seed, 600)
	}
}
